package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.ApplyMethod;
import software.amazon.awssdk.services.rds.model.Parameter;

/** Single facts about RDS that other tools handle wrongly. */
class DatabaseLimitsTest {
    private static final Duration LONG = Duration.ofMinutes(30);

    @Test
    void zeroSwitchesStorageAutoscalingOff() {
        try (World world = new World()) {
            world.desire(Databases.postgres("")).converged();
            assertThat(Databases.instance(world).maxAllocatedStorage()).isEqualTo(100);

            world.desire(Databases.postgres("").replace("'maxAllocatedStorage':100", "'maxAllocatedStorage':0"))
                    .converged();
            world.run(LONG);

            assertThat(Databases.instance(world).maxAllocatedStorage()).isNull();
            assertThat(Databases.modifications(world)).isEqualTo(1);
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
        }
    }

    @Test
    void deletionProtectionIsNeverLifted() {
        try (World world = new World()) {
            String going = Databases.postgres("'deletionProtection':true,")
                    .replace("'kind':'DbInstance',", "'kind':'DbInstance','lifecycle':{'onDelete':'Delete'},");
            world.desire(going, Docs.UNLIMITED).converged();

            world.desire(Docs.of(Databases.NETWORK), Docs.UNLIMITED).run(LONG);

            assertThat(Databases.instance(world).deletionProtection()).isTrue();
            assertThat(Databases.modifications(world)).isZero();
            assertThat(world.resource("DbInstance/main").message()).contains("protected");
        }
    }

    @Test
    void anInstanceOfSomebodyElseKeepsTheName() {
        try (World world = new World()) {
            world.desire(Docs.of(Databases.NETWORK)).converged();
            world.somebody(RdsClient.class)
                    .createDBInstance(r -> r.dbInstanceIdentifier("theirs")
                            .dbInstanceClass("db.t4g.small")
                            .engine("postgres")
                            .masterUsername("somebody")
                            .manageMasterUserPassword(true)
                            .allocatedStorage(20)
                            .dbSubnetGroupName(
                                    world.resource("DbSubnetGroup/main").physicalId()));

            world.desire(Databases.postgres("'dbInstanceIdentifier':'theirs',")).run(LONG);

            assertThat(world.resource("DbInstance/main").reason()).hasToString("NameTaken");
            assertThat(Databases.instance(world).dbInstanceClass()).isEqualTo("db.t4g.small");
            assertThat(Databases.instance(world).tagList()).isEmpty();
        }
    }

    @Test
    void whichLogsAreExportedIsChangedByTheDifference() {
        try (World world = new World()) {
            world.desire(Databases.postgres("'enableCloudwatchLogsExports':['postgresql'],"))
                    .converged();

            world.desire(Databases.postgres("'enableCloudwatchLogsExports':['upgrade'],"))
                    .converged();
            world.run(LONG);

            assertThat(Databases.instance(world).enabledCloudwatchLogsExports()).containsExactly("upgrade");
            assertThat(Databases.modifications(world)).isEqualTo(1);
        }
    }

    @Test
    void badParametersAreCuredByAnotherGroup() {
        try (World world = new World()) {
            world.desire(Databases.postgres("'rebootOnPending':'Never',")).converged();
            Databases.rds(world).breaks(Databases.name(world), "incompatible-parameters");

            String other = Databases.postgres("'rebootOnPending':'Never',")
                    .replace("'description':'p'", "'description':'another'");
            world.desire(other, Docs.UNLIMITED).run(LONG);

            assertThat(Databases.parameterGroup(world))
                    .isEqualTo(world.resource("DbParameterGroup/main").physicalId());
            assertThat(Databases.instance(world).dbInstanceStatus()).isEqualTo("available");
        }
    }

    @Test
    void theEndOfSupportIsKnownAndReadOnceADay() {
        try (World world = new World()) {
            world.desire(Databases.postgres("")).converged();
            world.run(Duration.ofHours(3));

            assertThat(world.resource("DbInstance/main").outlook().support())
                    .isNotNull()
                    .satisfies(end -> {
                        assertThat(end.of()).isEqualTo("postgres 15");
                        assertThat(end.at().toString()).startsWith("2028-02-29");
                    });
            assertThat(Databases.calls(world, "DescribeDBMajorEngineVersions")).isEqualTo(1);
        }
    }

    /** RDS renews the certificates of its newer authorities by itself, but not those of rds-ca-2019. */
    @Test
    void theEndOfACertificateThatRdsDoesNotRenewIsKnown() {
        try (World world = new World()) {
            world.desire(Databases.postgres("'caCertificateIdentifier':'rds-ca-2019',"))
                    .converged();

            assertThat(world.resource("DbInstance/main").outlook().support())
                    .isNotNull()
                    .satisfies(end -> {
                        assertThat(end.of()).isEqualTo("rds-ca-2019");
                        assertThat(end.at())
                                .isEqualTo(Databases.instance(world)
                                        .certificateDetails()
                                        .validTill());
                    });
        }
    }

    /**
     * RDS refuses subnets of another VPC.
     *
     * @see <a href="https://github.com/hashicorp/terraform-provider-aws/issues/27459">The refusal</a>
     */
    @Test
    void aSubnetGroupThatMovesToAnotherVpcIsReplaced() {
        try (World world = new World()) {
            String group = Docs.document(
                    "DbSubnetGroup",
                    "main",
                    "'dbSubnetGroupDescription':'two zones','vpcId':'${Vpc/main}',"
                            + "'subnetIds':['${Subnet/a}','${Subnet/b}']");
            String other = "," + Docs.document("Vpc", "other", "'cidrBlock':'10.1.0.0/16'") + ","
                    + Docs.document(
                            "Subnet",
                            "x",
                            "'vpcId':'${Vpc/other}','cidrBlock':'10.1.0.0/24','availabilityZone':'eu-west-2a'")
                    + ","
                    + Docs.document(
                            "Subnet",
                            "y",
                            "'vpcId':'${Vpc/other}','cidrBlock':'10.1.1.0/24','availabilityZone':'eu-west-2b'");
            world.desire(Docs.of(Docs.VPC_IN_TWO_ZONES + other, group)).converged();

            String moved = group.replace("Vpc/main", "Vpc/other")
                    .replace("Subnet/a", "Subnet/x")
                    .replace("Subnet/b", "Subnet/y");
            world.desire(Docs.of(Docs.VPC_IN_TWO_ZONES + other, moved), Docs.UNLIMITED)
                    .converged();
            world.run(LONG);

            String vpc = world.resource("Vpc/other").physicalId();
            assertThat(world.somebody(RdsClient.class)
                            .describeDBSubnetGroups(r -> {})
                            .dbSubnetGroups())
                    .singleElement()
                    .satisfies(g -> assertThat(g.vpcId()).isEqualTo(vpc));
            assertThat(Databases.calls(world, "ModifyDBSubnetGroup")).isZero();
        }
    }

    private static List<Parameter> parameters(World world) {
        return world
                .somebody(RdsClient.class)
                .describeDBParametersPaginator(r -> r.dbParameterGroupName(
                        world.resource("DbParameterGroup/main").physicalId()))
                .parameters()
                .stream()
                .toList();
    }

    @Test
    void aParameterThatIsSetToTheDefaultIsInSyncAndNobodyElsesIsReset() {
        try (World world = new World()) {
            world.desire(Databases.postgres("")).converged();
            world.somebody(RdsClient.class)
                    .modifyDBParameterGroup(r -> r.dbParameterGroupName(
                                    world.resource("DbParameterGroup/main").physicalId())
                            .parameters(p -> p.parameterName("work_mem")
                                    .parameterValue("65536")
                                    .applyMethod(ApplyMethod.IMMEDIATE)));

            world.run(Duration.ofHours(1));

            assertThat(world.status("DbParameterGroup/main")).isEqualTo(Status.Synced);
            assertThat(parameters(world))
                    .filteredOn(p -> p.parameterName().equals("rds.force_ssl"))
                    .extracting(Parameter::source)
                    .as("RDS does not distinguish the value from the default")
                    .containsExactly("system");
            assertThat(parameters(world))
                    .filteredOn(p -> p.parameterName().equals("work_mem"))
                    .extracting(Parameter::parameterValue)
                    .containsExactly("65536");
            assertThat(Databases.calls(world, "ModifyDBParameterGroup")).isZero();
        }
    }

    @Test
    void aStaticParameterIsNeverAppliedAtOnce() {
        try (World world = new World()) {
            world.desire(Databases.postgres("'rebootOnPending':'Never',")).converged();

            world.desire(Databases.postgres("'rebootOnPending':'Never',")
                            .replace("'rds.force_ssl':'1'", "'rds.logical_replication':'1','work_mem':'65536'"))
                    .converged();
            world.run(LONG);

            assertThat(parameters(world))
                    .filteredOn(p -> "user".equals(p.source()))
                    .extracting(Parameter::parameterName)
                    .containsExactlyInAnyOrder("rds.logical_replication", "work_mem");
            assertThat(Databases.applyStatus(world)).isEqualTo("pending-reboot");
        }
    }
}
