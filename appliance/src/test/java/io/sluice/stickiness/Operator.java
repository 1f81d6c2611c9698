package io.sluice.stickiness;

import java.io.IOException;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Somebody at an appliance's MBeans, over JMX.
 *
 * <p><b>Threading:</b> one thread.
 */
final class Operator implements AutoCloseable {
    private final JMXConnector connector;
    private final MBeanServerConnection appliance;

    /** @throws IOException when it is not there */
    @SuppressWarnings("BanJNDI") // the appliance's own address
    Operator(Host host) throws IOException {
        connector = JMXConnectorFactory.connect(
                new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + host.jmxPort() + "/jmxrmi"));
        appliance = connector.getMBeanServerConnection();
    }

    void drain(String liberator, int perSecond, int deadlineSeconds) throws IOException {
        invoke(liberator, "drain", new Object[] {perSecond, deadlineSeconds}, new String[] {"int", "int"});
    }

    void undrain(String liberator) throws IOException {
        invoke(liberator, "undrain", new Object[0], new String[0]);
    }

    private void invoke(String liberator, String operation, Object[] values, String[] types) throws IOException {
        try {
            appliance.invoke(new ObjectName("sluice:type=Liberator,name=" + liberator), operation, values, types);
        } catch (JMException refused) {
            throw new IOException(operation + " of " + liberator, refused);
        }
    }

    /** One of the appliance's own counts. */
    long count(String attribute) throws IOException {
        try {
            return (Long) appliance.getAttribute(new ObjectName("sluice:type=Appliance"), attribute);
        } catch (JMException missing) {
            throw new IOException(attribute, missing);
        }
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
