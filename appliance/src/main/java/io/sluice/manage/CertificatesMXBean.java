package io.sluice.manage;

/** {@code sluice:type=Certificates}. */
@Description("The certificates that listeners show: until when, of which file, used by whom.")
public interface CertificatesMXBean {
    @Description(
            "A line for each certificate: a name it is for, days left, connections that were shown it, end of serial.")
    String[] getCertificates();

    @Description("The certificates as records, for programs; those replaced that connections still use come last.")
    CertificateRow[] getRows();

    @Description(
            "Days left of the certificate that ends first, negative when it has expired; 36500 where there is none.")
    @Unit("days")
    long getLeftDays();

    @Description("Certificates that are shown although they have expired.")
    @Unit("certificates")
    int getExpiredActive();

    @Description("A line for each owner of certificate or trust files: when they were read, whether they are in use.")
    String[] getFiles();

    @Description("When files were last read and came into use, ISO 8601 in UTC; empty where there are none.")
    String getLastReadAt();

    @Description("Why files as they are now are not in use, owner by owner; empty when all are.")
    String getLastError();

    @Action
    @Description(
            "Reads every certificate, key and trust file again, as happens by itself when one changes. Open streams are"
                    + " not touched; what cannot be used changes nothing. Says line by line what came of it.")
    String reload();
}
