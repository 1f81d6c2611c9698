package io.sluice.manage;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

@AnalyzeClasses(packages = "io.sluice", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomTest {
    @ArchTest
    static final ArchRule is_known_by_no_room = ArchRuleDefinition.noClasses()
            .that()
            .resideOutsideOfPackages("io.sluice", "io.sluice.manage")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.sluice.manage");

    @ArchTest
    static final ArchRule does_not_know_who_starts_it = ArchRuleDefinition.noClasses()
            .that()
            .resideInAPackage("io.sluice.manage")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.sluice");
}
