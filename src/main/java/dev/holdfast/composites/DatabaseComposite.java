package dev.holdfast.composites;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Offers;
import dev.holdfast.kind.Range;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Setting;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/** An RDS database in the isolated subnets, with all its resources. */
final class DatabaseComposite implements Composite<DatabaseComposite.Spec> {
    private static final String AURORA = "aurora-";

    public record Spec(
            @Setting("The engine; aurora-postgresql means an Aurora cluster. Default: postgres.")
            @Offers({"postgres", "mysql", "mariadb", "aurora-postgresql"})
            String engine,

            @Setting(
                    "The version, or the beginning of it: 15 for PostgreSQL 15 in any minor version, 8.0 for MySQL 8.0.")
            @Required
            String engineVersion,

            @Setting("The class of the instance or of each member of a cluster, for example db.t4g.medium.") @Required
            String dbInstanceClass,

            @Setting("The number of instances of an Aurora cluster: one writes, the other instances read and can"
                    + " replace the writer. Default: 2 with multiAZ, otherwise 1.")
            @Range(min = 1, max = 16)
            Integer members,

            @Setting("The name of the instance or the cluster in AWS. The names of log groups and members contain"
                    + " this name. Default: the names of stack and composite.")
            String dbInstanceIdentifier,

            @Setting("The name of the first database. Default: app.")
            String dbName,

            @Setting("The name of the master user, whose password RDS manages. Default: dbadmin.")
            String masterUsername,

            @Setting("The name of the services' user, for whom a secret is created. Default: app.")
            String username,

            @Setting("The port on which the Network's group of the database admits the services. Default: 5432.")
            @Range(min = 1150, max = 65535)
            Integer port,

            @Setting(
                    "The initial storage of the instance in GiB; a cluster's storage grows automatically. Default: 20.")
            @Range(min = 20, max = 65536)
            Integer allocatedStorage,

            @Setting("The storage in GiB up to which RDS may extend the instance; 0: no extension. Default: 100.")
            @Range(min = 0, max = 65536)
            Integer maxAllocatedStorage,

            @Setting("Whether a standby in another zone takes over when the instance fails. Default: false.")
            Boolean multiAZ,

            @Setting("The number of days for which backups are kept. Default: 7.") @Range(min = 1, max = 35)
            Integer backupRetentionPeriod,

            @Setting("Whether RDS refuses to delete the instance. Default: true.")
            Boolean deletionProtection,

            @Setting("The window in which backups are created, in UTC. Default: 02:00-02:30.")
            String preferredBackupWindow,

            @Setting("The window in which RDS may maintain the instance, in UTC. Default: sun:03:00-sun:03:30.")
            String preferredMaintenanceWindow,

            @Doc("The family of the parameter group. Default: the engine and its major version, such as postgres15.")
            String parameterGroupFamily,

            @Doc("The parameters by name. TLS is required unless a parameter here allows other connections.")
            Map<String, String> parameters,

            @Setting(
                    "The logs that go to CloudWatch Logs, each to a log group of this composite. Default: postgresql and"
                            + " upgrade; postgresql for Aurora; error for MySQL and MariaDB.")
            SequencedSet<String> logs,

            @Setting("The number of days for which logs are kept. Default: 30.") @Range(min = 0, max = 3653)
            Integer logRetentionInDays,

            @Setting("The thresholds of the alarms; false: there are no alarms.") @Switchable
            DatabaseAlarms alarms,

            @Setting("The scheduled rotation of the password of the services' user. Default: no rotation.")
            DatabaseRotation rotation,

            @Doc("The prefix of the secret's name, before /Database/User. Default: the stack's name.")
            String secretPrefix,

            @Setting(
                    "The security groups of the database. Default: the Network's group, which admits the services only.")
            List<String> vpcSecurityGroupIds,

            @Setting("The name of the Network with the isolated subnets. Default: main.")
            String network,

            @Doc("Tags for all parts that take tags.") Map<String, String> tags,
            @Doc(Expansion.OVERRIDES) Map<String, JsonNode> overrides,
            @Doc(Expansion.WITHOUT) SequencedSet<String> without) {
        public Spec {
            engine = engine == null ? "postgres" : engine;
            dbName = dbName == null ? "app" : dbName;
            masterUsername = masterUsername == null ? "dbadmin" : masterUsername;
            username = username == null ? "app" : username;
            port = port == null ? Integer.valueOf(5432) : port;
            boolean aurora = engine.startsWith(AURORA);
            allocatedStorage = allocatedStorage == null && !aurora ? Integer.valueOf(20) : allocatedStorage;
            maxAllocatedStorage = maxAllocatedStorage == null && !aurora ? Integer.valueOf(100) : maxAllocatedStorage;
            multiAZ = multiAZ == null ? Boolean.FALSE : multiAZ;
            members = members == null && aurora ? Integer.valueOf(multiAZ ? 2 : 1) : members;
            backupRetentionPeriod = backupRetentionPeriod == null ? Integer.valueOf(7) : backupRetentionPeriod;
            deletionProtection = deletionProtection == null ? Boolean.TRUE : deletionProtection;
            preferredBackupWindow = preferredBackupWindow == null ? "02:00-02:30" : preferredBackupWindow;
            preferredMaintenanceWindow =
                    preferredMaintenanceWindow == null ? "sun:03:00-sun:03:30" : preferredMaintenanceWindow;
            logs = logs == null
                    ? "postgres".equals(engine)
                            ? JsonFields.ordered("postgresql", "upgrade")
                            : JsonFields.ordered(aurora ? "postgresql" : "error")
                    : logs;
            logRetentionInDays = logRetentionInDays == null ? Integer.valueOf(30) : logRetentionInDays;
            alarms = alarms == null ? DatabaseAlarms.DEFAULT : alarms;
            network = network == null ? Expansion.MAIN : network;
        }

        boolean isAurora() {
            return engine.startsWith(AURORA);
        }
    }

    public record DatabaseAlarms(
            @Setting("Whether there are alarms. Default: true.")
            Boolean enabled,

            @Setting("The ARNs of the topics that receive the alarms and their end. Default: none.")
            SequencedSet<String> actions,

            @Setting("The threshold of CPU utilization in percent. Default: 80.") @Range(min = 1, max = 100)
            Integer cpu,

            @Setting("The free storage in GiB below which the alarm fires; for a cluster, the writer's storage for"
                    + " temporary files. Default: 4.")
            @Range(min = 1, max = 65536)
            Integer freeStorage,

            @Setting("The number of connections above which the alarm fires. Default: 300, which is less than"
                    + " db.t4g.medium allows.")
            @Range(min = 1, max = 100000)
            Integer connections) {
        static final DatabaseAlarms DEFAULT = new DatabaseAlarms(true, JsonFields.ordered(), 80, 4, 300);

        public DatabaseAlarms {
            enabled = enabled == null ? Boolean.TRUE : enabled;
            actions = actions == null ? JsonFields.ordered() : actions;
            cpu = cpu == null ? DEFAULT.cpu() : cpu;
            freeStorage = freeStorage == null ? DEFAULT.freeStorage() : freeStorage;
            connections = connections == null ? DEFAULT.connections() : connections;
        }
    }

    public record DatabaseRotation(
            @Setting("The operator's own image in ECR, which is also the image of the rotation function.") @Required
            String image,

            @Setting("The start of the window in which the password is changed, in UTC, as cron(…). The window"
                    + " must end on the same day."
                    + " Default: cron(0 4 ? * SUN *).")
            String scheduleExpression,

            @Setting("The length of the window. Default: 3h.")
            String duration,

            @Setting("Whether the first activation of the rotation changes the password at once, which creates the user"
                    + " in the database. Default: true.")
            Boolean rotateImmediately,

            @Setting("The image's processor architecture. Default: x86_64.") @Offers({"x86_64", "arm64"})
            String architecture) {
        public DatabaseRotation {
            scheduleExpression = scheduleExpression == null ? "cron(0 4 ? * SUN *)" : scheduleExpression;
            duration = duration == null ? "3h" : duration;
            rotateImmediately = rotateImmediately == null ? Boolean.TRUE : rotateImmediately;
            architecture = architecture == null ? "x86_64" : architecture;
        }
    }

    @Override
    public CompositeInfo<Spec> info() {
        return CompositeInfo.of(
                        "Database",
                        Spec.class,
                        "A database of RDS: instance or cluster, subnets, parameters, logs, alarms and the secret of its user.")
                .output("endpoint", "The host name of the instance, or of the member of a cluster that writes.")
                .output(
                        "readerEndpoint",
                        "The host name of the reading members of a cluster; for an instance, the host name of the"
                                + " instance.")
                .output("port", "The port.")
                .output("secretArn", "The ARN of the secret of the services' user.")
                .output("secretVersionId", "The id of the secret's current version.")
                .output("rotations", "The rotation of this secret, for dependsOn; an empty list without a rotation.")
                .output("masterUserSecretArn", "The ARN of the secret in which RDS keeps the master password.")
                .output("identifier", "The name of the instance or cluster, a dimension of its metrics.")
                .output("arn", "The ARN of the instance or cluster.");
    }

    @Override
    public void expand(Spec spec, Expansion into) {
        new DatabaseExpansion(spec, into).build();
    }
}
