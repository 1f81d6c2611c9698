package io.sluice.config;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.net.InetAddress;

@AnalyzeClasses(packages = "io.sluice.config", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomTest {
    @ArchTest
    static final ArchRule depends_on_no_other_room = ArchRuleDefinition.classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.sluice.config",
                    "java.lang..",
                    "java.io",
                    "java.math",
                    "java.net",
                    "java.nio",
                    "java.nio.charset",
                    "java.nio.file",
                    "java.nio.file.attribute",
                    "java.security..",
                    "javax.crypto..",
                    "java.time",
                    "java.util..",
                    "org.jspecify..",
                    "org.snakeyaml..");

    @ArchTest
    static final ArchRule never_touches_a_socket = ArchRuleDefinition.noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.net.Socket")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.net.ServerSocket")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.net.DatagramSocket");

    @ArchTest
    static final ArchRule looks_up_no_name = ArchRuleDefinition.noClasses()
            .that()
            .doNotHaveSimpleName("IpLiteral")
            .should()
            .callMethod(InetAddress.class, "getByName", String.class)
            .orShould()
            .callMethod(InetAddress.class, "getAllByName", String.class);
}
