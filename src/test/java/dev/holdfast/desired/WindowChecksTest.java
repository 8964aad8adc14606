package dev.holdfast.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.TestKinds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The validation reports windows that RDS and ElastiCache would refuse: overlapping, too short, or in another form. */
class WindowChecksTest {
    private static final String CACHE = "'replicationGroupDescription':'x','engine':'redis','engineVersion':'7.1',"
            + "'cacheNodeType':'cache.t4g.small','cacheSubnetGroupName':'s','securityGroupIds':['sg-1'],"
            + "'atRestEncryptionEnabled':true,'transitEncryptionEnabled':true,'numCacheClusters':1,";
    private static final String INSTANCE = "'dbInstanceClass':'db.t4g.small','engine':'postgres','engineVersion':'15',"
            + "'masterUsername':'me','manageMasterUserPassword':true,'allocatedStorage':20,'storageEncrypted':true,"
            + "'vpcSecurityGroupIds':['sg-1'],'dbSubnetGroupName':'s',";
    private static final String CLUSTER = "'engine':'aurora-postgresql','engineVersion':'15','masterUsername':'me',"
            + "'manageMasterUserPassword':true,'storageEncrypted':true,'vpcSecurityGroupIds':['sg-1'],"
            + "'dbSubnetGroupName':'s',";
    private static final Map<String, String> SPECS = Map.of(
            "ReplicationGroup",
            CACHE,
            "DbInstance",
            INSTANCE,
            "DbCluster",
            CLUSTER,
            "Cache",
            "'engineVersion':'7.1','cacheNodeType':'cache.t4g.small',",
            "Database",
            "'engineVersion':'15','dbInstanceClass':'db.t4g.small',");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ReplicationGroup | snapshotWindow | 03:30-04:30 | sun:03:00-sun:04:00 | /spec/snapshotWindow |"
                        + " expected a window outside preferredMaintenanceWindow, sun:03:00-sun:04:00, found 03:30-04:30",
                "ReplicationGroup | snapshotWindow | 03:00-03:59 | | /spec/snapshotWindow |"
                        + " expected at least 60 minutes, found 03:00-03:59",
                "ReplicationGroup | snapshotWindow | | sun:03:00-sun:03:30 | /spec/preferredMaintenanceWindow |"
                        + " expected at least 60 minutes",
                "ReplicationGroup | snapshotWindow | 3:00-4:00 | | /spec/snapshotWindow |"
                        + " expected times in UTC as hh:mm-hh:mm, found 3:00-4:00",
                "DbInstance | preferredBackupWindow | 23:45-00:15 | mon:00:00-mon:00:30 | /spec/preferredBackupWindow |"
                        + " expected a window outside preferredMaintenanceWindow",
                "DbInstance | preferredBackupWindow | 03:00-03:29 | | /spec/preferredBackupWindow |"
                        + " expected at least 30 minutes",
                "DbInstance | preferredBackupWindow | | sunday 3am | /spec/preferredMaintenanceWindow |"
                        + " expected days and times in UTC as ddd:hh:mm-ddd:hh:mm",
                "DbCluster | preferredBackupWindow | 03:30-04:30 | sun:03:00-sun:04:00 | /spec/preferredBackupWindow |"
                        + " expected a window outside preferredMaintenanceWindow",
                // A default of the composite takes part.
                "Cache | snapshotWindow | 03:30-04:30 | | /spec/snapshotWindow |"
                        + " expected a window outside preferredMaintenanceWindow, sun:03:00-sun:04:00, found 03:30-04:30",
                "Database | preferredBackupWindow | | sun:02:00-sun:03:00 | /metadata/name |"
                        + " expected a window outside preferredMaintenanceWindow, sun:02:00-sun:03:00, found 02:00-02:30",
            })
    void refused(String kind, String name, String daily, String weekly, String pointer, String expected) {
        assertThat(compiled(kind, name, daily, weekly))
                .isInstanceOfSatisfying(
                        LoadResult.RefusedRevision.class,
                        refused -> assertThat(refused.problems())
                                .singleElement()
                                .satisfies(problem -> {
                                    assertThat(problem.toString()).contains(expected);
                                    assertThat(problem.pointer()).isEqualTo(pointer);
                                }));
    }

    /** A window ends before the time at its end. A window that no document sets is AWS's choice. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ReplicationGroup | snapshotWindow | 02:00-03:00 | sun:03:00-sun:04:00",
                "ReplicationGroup | snapshotWindow | 23:30-00:30 |",
                "DbInstance | preferredBackupWindow | 03:30-04:00 | Sun:03:00-Sun:03:30",
                "DbInstance | preferredBackupWindow | | sun:23:45-mon:00:15",
                "DbCluster | preferredBackupWindow | 02:00-02:30 | sun:02:30-sun:03:00",
            })
    void accepted(String kind, String name, String daily, String weekly) {
        assertThat(compiled(kind, name, daily, weekly)).isInstanceOf(LoadResult.ValidRevision.class);
    }

    private static LoadResult compiled(String kind, String name, String daily, String weekly) {
        String windows = (daily == null ? "" : "'" + name + "':'" + daily + "',")
                + (weekly == null ? "" : "'preferredMaintenanceWindow':'" + weekly + "',");
        String spec = SPECS.get(kind) + windows;
        String network =
                "{'apiVersion':'holdfast.dev/v1','kind':'Network','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16','zones':['a','b']}},";
        String documents = "[" + (List.of("Cache", "Database").contains(kind) ? network : "")
                + "{'apiVersion':'holdfast.dev/v1','kind':'" + kind + "','metadata':{'name':'it'},'spec':{"
                + spec.substring(0, spec.length() - 1) + "}}]";
        String stack = "{'apiVersion':'holdfast.dev/v1','kind':'Stack','metadata':{'name':'dev'},"
                + "'spec':{'account':'123456789012','region':'eu-west-2','include':['docs.json']}}";
        return Objects.requireNonNull(new DesiredCompiler(TestKinds.all())
                .compile(Map.of("dev/stack.json", bytes(stack), "dev/docs.json", bytes(documents)))
                .get("dev"));
    }

    private static byte[] bytes(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }
}
