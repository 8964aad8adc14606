package dev.holdfast.composites;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The expansion of one Database document. */
final class DatabaseExpansion {
    private static final long GIB = 1024L * 1024 * 1024;
    private static final int PERIOD = 300;

    private final DatabaseComposite.Spec spec;
    private final Expansion into;
    private final String identifier;
    private final @Nullable DatabaseRotationParts rotation;
    private final @Nullable AuroraParts aurora;

    DatabaseExpansion(DatabaseComposite.Spec spec, Expansion into) {
        this.spec = spec;
        this.into = into;
        this.identifier = spec.dbInstanceIdentifier() == null
                ? (into.stack().name() + "-" + into.name()).toLowerCase(Locale.ROOT)
                : spec.dbInstanceIdentifier();
        this.rotation = spec.rotation() == null ? null : new DatabaseRotationParts(spec, spec.rotation(), into);
        this.aurora = spec.isAurora() ? new AuroraParts(spec, into, identifier) : null;
    }

    void build() {
        if (aurora != null) {
            aurora.check();
        } else if (spec.members() != null) {
            into.mistake("/members", "only an Aurora cluster has members", "remove members, or set multiAZ to true");
        }
        CompositePart subnets = into.part("DbSubnetGroup")
                .set("dbSubnetGroupDescription", "Isolated subnets: no way out")
                .set("subnetIds", Expansion.network(spec.network(), "isolatedSubnetIds"), "/network")
                .tags(spec.tags());
        CompositePart parameters = into.part(aurora == null ? "DbParameterGroup" : "DbClusterParameterGroup")
                .set("dbParameterGroupFamily", family())
                .from(
                        "/dbParameterGroupFamily",
                        spec.parameterGroupFamily() == null ? "/engineVersion" : "/parameterGroupFamily")
                .set("description", "Parameters of " + into.name())
                .set("parameters", parameters(), "/parameters")
                .tags(spec.tags());
        List<CompositePart> logs = logs();
        CompositePart instance =
                aurora == null ? instance(subnets, parameters) : aurora.cluster(subnets, parameters, groups());
        // RDS would create a missing log group itself, without our ownership tags.
        logs.forEach(group -> instance.after(group.id().toString(), "/logs"));
        CompositePart secret = secret(instance);
        if (aurora != null) {
            // A cluster without a member accepts no login.
            aurora.members(instance).forEach(member -> secret.after(member.id().toString(), "/members"));
        }
        alarms(instance);
        if (rotation != null) {
            rotation.build(instance, secret);
        }
        into.output("endpoint", instance.ref());
        into.output("readerEndpoint", aurora == null ? instance.ref() : instance.ref("readerEndpoint"));
        into.output("port", instance.ref("port"));
        into.output("secretArn", secret.ref());
        // After the first rotation of a secret, the rotation knows the new version at once.
        into.output("secretVersionId", rotation == null ? secret.ref("versionId") : rotation.versionId());
        into.output("rotations", rotation == null ? List.of() : rotation.refs());
        into.output("masterUserSecretArn", instance.ref("masterUserSecretArn"));
        into.output("identifier", instance.ref("identifier"));
        into.output("arn", instance.ref("arn"));
    }

    /** A major version has one number in PostgreSQL, and two numbers in MySQL and MariaDB. */
    private String family() {
        if (spec.parameterGroupFamily() != null) {
            return spec.parameterGroupFamily();
        }
        String[] version = spec.engineVersion().split("\\.");
        boolean one = spec.engine().contains("postgres");
        if (!one && version.length < 2) {
            into.mistake(
                    "/engineVersion",
                    "expected two numbers, such as 8.0, found " + spec.engineVersion(),
                    "set engineVersion to two numbers, or set parameterGroupFamily");
        }
        return spec.engine() + (one || version.length < 2 ? version[0] : version[0] + "." + version[1]);
    }

    /** @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html">TLS for RDS</a> */
    private Map<String, String> parameters() {
        Map<String, String> all = new TreeMap<>();
        all.put(spec.engine().contains("postgres") ? "rds.force_ssl" : "require_secure_transport", "1");
        all.putAll(spec.parameters() == null ? Map.of() : spec.parameters());
        return all;
    }

    private List<CompositePart> logs() {
        List<CompositePart> groups = new ArrayList<>();
        for (String log : spec.logs()) {
            groups.add(into.part("LogGroup", "database-" + log)
                    .set(
                            "logGroupName",
                            "/aws/rds/" + (aurora == null ? "instance/" : "cluster/") + identifier + "/" + log,
                            "/logs")
                    .set("retentionInDays", spec.logRetentionInDays(), "/logRetentionInDays")
                    .tags(spec.tags()));
        }
        return groups;
    }

    private List<String> groups() {
        List<String> groups = new ArrayList<>(
                spec.vpcSecurityGroupIds() == null
                        ? List.of(Expansion.network(spec.network(), "databaseSecurityGroupId"))
                        : spec.vpcSecurityGroupIds());
        if (rotation != null) {
            groups.add(rotation.databaseGroup());
        }
        return groups;
    }

    private CompositePart instance(CompositePart subnets, CompositePart parameters) {
        return into.part("DbInstance")
                .set("dbInstanceIdentifier", identifier, "/dbInstanceIdentifier")
                .set("dbInstanceClass", spec.dbInstanceClass(), "/dbInstanceClass")
                .set("engine", spec.engine(), "/engine")
                .set("engineVersion", spec.engineVersion(), "/engineVersion")
                .set("dbName", spec.dbName(), "/dbName")
                .set("masterUsername", spec.masterUsername(), "/masterUsername")
                .set("manageMasterUserPassword", true)
                .set("allocatedStorage", spec.allocatedStorage(), "/allocatedStorage")
                .set("maxAllocatedStorage", spec.maxAllocatedStorage(), "/maxAllocatedStorage")
                .set("storageType", "gp3")
                .set("storageEncrypted", true)
                .set("dbSubnetGroupName", subnets.ref())
                .set("dbParameterGroupName", parameters.ref())
                .set(
                        "vpcSecurityGroupIds",
                        groups(),
                        spec.vpcSecurityGroupIds() == null ? "/network" : "/vpcSecurityGroupIds")
                .set("port", spec.port(), "/port")
                .set("multiAZ", spec.multiAZ(), "/multiAZ")
                .set("publiclyAccessible", false)
                .set("backupRetentionPeriod", spec.backupRetentionPeriod(), "/backupRetentionPeriod")
                .set("preferredBackupWindow", spec.preferredBackupWindow(), "/preferredBackupWindow")
                .set("preferredMaintenanceWindow", spec.preferredMaintenanceWindow(), "/preferredMaintenanceWindow")
                .set("copyTagsToSnapshot", true)
                .set("deletionProtection", spec.deletionProtection(), "/deletionProtection")
                .set("autoMinorVersionUpgrade", true)
                .set("enableIAMDatabaseAuthentication", false)
                .set("enableCloudwatchLogsExports", spec.logs(), "/logs")
                .tags(spec.tags());
    }

    /**
     * The secret of the services' user, in the form that a rotation with two alternating users requires. The password
     * is generated once; afterwards Secrets Manager owns it.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html">secrets of
     *     databases</a>
     */
    private CompositePart secret(CompositePart instance) {
        String template = "{\"engine\":\"" + spec.engine() + "\",\"host\":\"" + instance.ref() + "\",\"port\":"
                + spec.port() + ",\"dbname\":\"" + spec.dbName() + "\",\"username\":\"" + spec.username()
                + "\",\"masterarn\":\"" + instance.ref("masterUserSecretArn") + "\"}";
        String prefix = spec.secretPrefix() == null ? into.stack().name() : spec.secretPrefix();
        return into.part("Secret", "database")
                .set("name", prefix + "/Database/" + ServiceSecrets.capitalised(into.name()), "/secretPrefix")
                .set("description", "The user " + spec.username() + " of the database " + into.name())
                .set(
                        "generateSecretString",
                        JsonFields.of(
                                "secretStringTemplate",
                                template,
                                "generateStringKey",
                                "password",
                                "passwordLength",
                                48,
                                "excludePunctuation",
                                true))
                .tags(spec.tags());
    }

    private void alarms(CompositePart instance) {
        DatabaseComposite.DatabaseAlarms alarms = spec.alarms();
        if (!alarms.enabled()) {
            return;
        }
        alarm(instance, "cpu-high", "The database is short of CPU", "CPUUtilization", "Average")
                .set("evaluationPeriods", 3)
                .set("threshold", alarms.cpu(), "/alarms/cpu")
                .set("comparisonOperator", "GreaterThanThreshold");
        alarm(
                        instance,
                        "storage-low",
                        "Less than " + alarms.freeStorage() + " GiB of storage are free",
                        aurora == null ? "FreeStorageSpace" : AuroraParts.FREE_STORAGE,
                        "Minimum")
                .set("evaluationPeriods", 1)
                .set("threshold", alarms.freeStorage() * GIB, "/alarms/freeStorage")
                .set("comparisonOperator", "LessThanThreshold");
        alarm(
                        instance,
                        "connections-high",
                        "More than " + alarms.connections() + " connections",
                        "DatabaseConnections",
                        "Maximum")
                .set("evaluationPeriods", 3)
                .set("threshold", alarms.connections(), "/alarms/connections")
                .set("comparisonOperator", "GreaterThanThreshold");
    }

    private CompositePart alarm(
            CompositePart instance, String name, String description, String metric, String statistic) {
        return into.part("Alarm", "database-" + name)
                .set("alarmDescription", description)
                .set("namespace", "AWS/RDS")
                .set("metricName", metric)
                .set(
                        "dimensions",
                        aurora == null
                                ? List.of(JsonFields.of(
                                        "name", "DBInstanceIdentifier", "value", instance.ref("identifier")))
                                : AuroraParts.dimensions(instance))
                .set("statistic", statistic)
                .set("period", PERIOD)
                .set("treatMissingData", "missing")
                .reportsTo(spec.alarms().actions())
                .tags(spec.tags());
    }
}
