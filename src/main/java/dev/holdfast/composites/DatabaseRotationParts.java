package dev.holdfast.composites;

import dev.holdfast.aws.Partitions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The parts that rotate the secret of a database's user: the function with its role, log and network, and the schedule.
 * Two users alternate, because the secret refers to the master user's secret.
 */
final class DatabaseRotationParts {
    private static final String NAME = "rotation";
    private static final int HTTPS = 443;
    /** A step logs in up to three times, after a start of the JVM that takes some seconds. */
    private static final int TIMEOUT_SECONDS = 120;
    /** The memory determines the share of a processor: with this share, the JVM starts within Lambda's 10 seconds. */
    private static final int MEMORY_MIB = 1024;

    private final DatabaseComposite.Spec spec;
    private final DatabaseComposite.DatabaseRotation rotation;
    private final Expansion into;
    private final CompositePart functionGroup;
    private final CompositePart databaseGroup;
    private final CompositePart schedule;

    DatabaseRotationParts(DatabaseComposite.Spec spec, DatabaseComposite.DatabaseRotation rotation, Expansion into) {
        this.spec = spec;
        this.rotation = rotation;
        this.into = into;
        this.functionGroup = group(NAME, "Rotation function: AWS and the database out, nothing in");
        this.schedule = into.part("SecretRotation", NAME);
        this.databaseGroup = group(NAME + "-database", "Database: the rotation function in, nothing out");
        functionGroup.set("ingress", List.of());
        functionGroup.set(
                "egress",
                List.of(
                        SecurityGroupChain.rule(HTTPS, "cidrIpv4", "0.0.0.0/0", "Secrets Manager"),
                        SecurityGroupChain.rule(spec.port(), "securityGroup", databaseGroup.ref(), "Database")));
        databaseGroup.set(
                "ingress",
                List.of(SecurityGroupChain.rule(
                        spec.port(), "securityGroup", functionGroup.ref(), "Rotation function")));
        databaseGroup.set("egress", List.of());
    }

    /** An additional group of the database, through which the function reaches the database. */
    String databaseGroup() {
        return databaseGroup.ref();
    }

    /** References to the rotation. */
    List<String> refs() {
        return List.of(schedule.ref());
    }

    /** A reference to the id of the secret's current version. */
    String versionId() {
        return schedule.ref("versionId");
    }

    /** @param secret the secret of the services' user */
    void build(CompositePart instance, CompositePart secret) {
        String name = into.stack().name() + "-" + into.name() + "-rotation";
        CompositePart logs = into.part("LogGroup", NAME)
                .set("logGroupName", "/aws/lambda/" + name)
                .set("retentionInDays", spec.logRetentionInDays(), "/logRetentionInDays")
                .tags(spec.tags());
        CompositePart role = role(name, logs, instance, secret);
        CompositePart function = function(name, role)
                // Lambda would create a missing log group itself, without our ownership tags.
                .after(logs.id().toString(), "/rotation");
        into.part("FunctionPermission", NAME)
                .set("functionName", function.ref("name"))
                .set("action", "lambda:InvokeFunction")
                .set("principal", "secretsmanager.amazonaws.com")
                .set("sourceAccount", into.stack().account());
        schedule.set("secretId", secret.ref("arn"))
                .set("rotationLambdaARN", function.ref("arn"))
                .set(
                        "rotationRules",
                        JsonFields.of(
                                "scheduleExpression", rotation.scheduleExpression(), "duration", rotation.duration()))
                .from("/rotationRules", "/rotation/scheduleExpression")
                .from("/rotationRules/duration", "/rotation/duration")
                .set("rotateImmediately", rotation.rotateImmediately(), "/rotation/rotateImmediately")
                // Without these routes and endpoints, the function reaches neither Secrets Manager nor the database.
                .after(Expansion.network(spec.network(), "privateRouteTableIds"), "/network")
                .after(Expansion.network(spec.network(), "interfaceEndpointIds"), "/network");
        alarm(function);
    }

    private CompositePart function(String name, CompositePart role) {
        return into.part("Function", NAME)
                .set("functionName", name)
                .set("packageType", "Image")
                .set("code", JsonFields.of("imageUri", rotation.image()))
                .from("/code", "/rotation/image")
                .set("imageConfig", JsonFields.of("command", List.of("rotate")))
                .set("role", role.ref("arn"))
                .set("description", "Changes the password of " + spec.username() + " in the database " + into.name())
                .set("architectures", List.of(rotation.architecture()), "/rotation/architecture")
                .set("timeout", TIMEOUT_SECONDS)
                .set("memorySize", MEMORY_MIB)
                .set(
                        "vpcConfig",
                        JsonFields.of(
                                "subnetIds",
                                Expansion.network(spec.network(), "privateSubnetIds"),
                                "securityGroupIds",
                                List.of(functionGroup.ref())))
                .from("/vpcConfig", "/network")
                .set("environment", JsonFields.of("variables", Map.of()))
                .tags(spec.tags());
    }

    /**
     * Lambda itself needs the permissions to change network interfaces, and the function's code must not use them.
     *
     * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html">functions in a VPC</a>
     */
    private CompositePart role(String function, CompositePart logs, CompositePart instance, CompositePart secret) {
        String region = into.stack().region();
        String arn = "arn:" + Partitions.id(region) + ":lambda:" + region + ":"
                + into.stack().account() + ":function:" + function;
        List<String> network = List.of(
                "ec2:AssignPrivateIpAddresses",
                "ec2:CreateNetworkInterface",
                "ec2:DeleteNetworkInterface",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSubnets",
                "ec2:UnassignPrivateIpAddresses");
        List<Object> policies = new ArrayList<>();
        policies.add(RolePolicies.policy(
                "secrets",
                List.of(
                        RolePolicies.allow(
                                List.of(
                                        "secretsmanager:DescribeSecret",
                                        "secretsmanager:GetSecretValue",
                                        "secretsmanager:PutSecretValue",
                                        "secretsmanager:UpdateSecretVersionStage"),
                                List.of(secret.ref("arn"))),
                        RolePolicies.allow(
                                List.of("secretsmanager:GetSecretValue"), List.of(instance.ref("masterUserSecretArn"))),
                        RolePolicies.allow(List.of("secretsmanager:GetRandomPassword"), List.of("*")))));
        policies.add(RolePolicies.policy(
                "log",
                List.of(RolePolicies.allow(
                        List.of("logs:CreateLogStream", "logs:PutLogEvents"), List.of(logs.ref("arn") + ":*")))));
        policies.add(RolePolicies.policy(
                "network",
                List.of(
                        RolePolicies.allow(network, List.of("*")),
                        JsonFields.of(
                                "Effect",
                                "Deny",
                                "Action",
                                network,
                                "Resource",
                                "*",
                                "Condition",
                                JsonFields.of("ArnEquals", JsonFields.of("lambda:SourceFunctionArn", arn))))));
        return into.part("Role", NAME)
                .set(
                        "assumeRolePolicyDocument",
                        RolePolicies.document(List.of(JsonFields.of(
                                "Effect",
                                "Allow",
                                "Principal",
                                JsonFields.of("Service", "lambda.amazonaws.com"),
                                "Action",
                                "sts:AssumeRole"))))
                .set("managedPolicyArns", List.of())
                .set("policies", policies)
                .tags(spec.tags());
    }

    /** Only this alarm reports a failed rotation: Secrets Manager retries without a message. */
    private void alarm(CompositePart function) {
        DatabaseComposite.DatabaseAlarms alarms = spec.alarms();
        if (alarms.enabled()) {
            into.part("Alarm", NAME + "-failed")
                    .set("alarmDescription", "The password of the database's user was not changed")
                    .set("namespace", "AWS/Lambda")
                    .set("metricName", "Errors")
                    .set("dimensions", List.of(JsonFields.of("name", "FunctionName", "value", function.ref("name"))))
                    .set("statistic", "Sum")
                    .set("period", 300)
                    .set("evaluationPeriods", 1)
                    .set("threshold", 0)
                    .set("comparisonOperator", "GreaterThanThreshold")
                    .set("treatMissingData", "notBreaching")
                    .reportsTo(alarms.actions())
                    .tags(spec.tags());
        }
    }

    private CompositePart group(String name, String description) {
        return into.part("SecurityGroup", name)
                .set("vpcId", Expansion.network(spec.network(), "vpcId"), "/network")
                .set("description", description)
                .tags(spec.tags());
    }
}
