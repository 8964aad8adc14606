package dev.holdfast.twin.lambda;

import static dev.holdfast.twin.lambda.TwinLambda.invalid;

import dev.holdfast.twin.ec2.TwinEc2;
import dev.holdfast.twin.iam.TwinIam;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinErrors;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.lambda.model.*;

/** Lambda's rules and defaults for functions. */
final class FunctionRules {
    private final TwinContext context;

    FunctionRules(TwinContext context) {
        this.context = context;
    }

    /** Checks a function in the state that it would have after the call. */
    void check(FunctionConfiguration f) {
        if (f.timeout() < 1 || f.timeout() > 900) {
            throw violation(f.timeout(), "timeout", "must have value less than or equal to 900");
        }
        if (f.memorySize() < 128 || f.memorySize() > 10240) {
            throw invalid(
                    "'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to"
                            + " 10240");
        }
        boolean image = f.packageType() == PackageType.IMAGE;
        if (!image && (f.runtime() == null || f.handler() == null)) {
            throw invalid(
                    "Runtime and Handler are mandatory parameters for functions created with deployment packages.");
        }
        if (image && (f.runtime() != null || f.handler() != null || !f.layers().isEmpty())) {
            throw invalid("Please don't provide Handler or Runtime or Layer when the intended function PackageType is"
                    + " Image.");
        }
        if (!image && f.imageConfigResponse() != null) {
            throw invalid("Please don't provide ImageConfig when the intended function PackageType is not Image.");
        }
        if (f.architectures().size() != 1) {
            throw invalid("Please provide exactly one architecture.");
        }
        LoggingConfig logging = f.loggingConfig();
        if (logging.logFormat() == LogFormat.TEXT
                && (logging.applicationLogLevel() != null || logging.systemLogLevel() != null)) {
            throw invalid("To use ApplicationLogLevel or SystemLogLevel, set LogFormat to JSON.");
        }
    }

    private static RuntimeException violation(Object value, String member, String rule) {
        return invalid(TwinErrors.violation(value, member, rule));
    }

    /**
     * When a request names the role, Lambda assumes the role. Lambda also checks the permissions for a VPC or a queue
     * for failures.
     */
    void checkRole(FunctionConfiguration f) {
        TwinIam iam = context.peer(TwinIam.class);
        TwinIam.RoleView role = iam.role(f.role());
        if (role == null || !role.assumableBy("lambda.amazonaws.com")) {
            throw invalid("The role defined for the function cannot be assumed by Lambda.");
        }
        if (f.vpcConfig() != null && !f.vpcConfig().subnetIds().isEmpty()) {
            for (String call :
                    List.of("CreateNetworkInterface", "DescribeNetworkInterfaces", "DeleteNetworkInterface")) {
                if (!iam.allows(f.role(), "ec2:" + call, "*")) {
                    throw invalid("The provided execution role does not have permissions to call " + call + " on EC2");
                }
            }
        }
        String dead = f.deadLetterConfig() == null ? null : f.deadLetterConfig().targetArn();
        if (dead != null) {
            String call = dead.contains(":sqs:") ? "SendMessage on SQS" : "Publish on SNS";
            String action = dead.contains(":sqs:") ? "sqs:SendMessage" : "sns:Publish";
            if (!iam.allows(f.role(), action, dead)) {
                throw invalid("The provided execution role does not have permissions to call " + call);
            }
        }
    }

    /** @return null if the function has no VPC */
    @Nullable
    VpcConfigResponse vpc(@Nullable VpcConfig asked) {
        if (asked == null
                || asked.subnetIds().isEmpty() && asked.securityGroupIds().isEmpty()) {
            return null;
        }
        if (asked.subnetIds().isEmpty() || asked.securityGroupIds().isEmpty()) {
            throw invalid("Security Groups and Subnets must both be specified or neither of them.");
        }
        TwinEc2 ec2 = context.peer(TwinEc2.class);
        for (String id : asked.subnetIds()) {
            if (ec2.subnet(id) == null) {
                throw invalid(
                        "Error occurred while DescribeSubnets. EC2 Error Code: InvalidSubnetID.NotFound. EC2 Error"
                                + " Message: The subnet ID '" + id + "' does not exist");
            }
        }
        Subnet first = Objects.requireNonNull(ec2.subnet(asked.subnetIds().getFirst()));
        for (String id : asked.securityGroupIds()) {
            if (ec2.securityGroup(id) == null) {
                throw invalid("Error occurred while DescribeSecurityGroups. EC2 Error Code: InvalidGroup.NotFound. EC2"
                        + " Error Message: The security group '" + id + "' does not exist");
            }
        }
        return VpcConfigResponse.builder()
                .vpcId(first.vpcId())
                .subnetIds(asked.subnetIds())
                .securityGroupIds(asked.securityGroupIds())
                .ipv6AllowedForDualStack(Boolean.TRUE.equals(asked.ipv6AllowedForDualStack()))
                .build();
    }

    /** @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html">Default values</a> */
    static void fillIn(FunctionConfiguration.Builder f) {
        FunctionConfiguration given = f.build();
        f.timeout(Objects.requireNonNullElse(given.timeout(), 3))
                .memorySize(Objects.requireNonNullElse(given.memorySize(), 128))
                .packageType(Objects.requireNonNullElse(given.packageType(), PackageType.ZIP))
                .description(Objects.requireNonNullElse(given.description(), ""))
                .architectures(given.architectures().isEmpty() ? List.of(Architecture.X86_64) : given.architectures())
                .ephemeralStorage(
                        given.ephemeralStorage() == null
                                ? EphemeralStorage.builder().size(512).build()
                                : given.ephemeralStorage())
                .tracingConfig(
                        given.tracingConfig() == null
                                ? TracingConfigResponse.builder()
                                        .mode(TracingMode.PASS_THROUGH)
                                        .build()
                                : given.tracingConfig())
                .snapStart(SnapStartResponse.builder()
                        .applyOn(
                                given.snapStart() == null
                                        ? SnapStartApplyOn.NONE
                                        : given.snapStart().applyOn())
                        .optimizationStatus(SnapStartOptimizationStatus.OFF)
                        .build())
                .loggingConfig(logging(given));
        if (given.environment() != null && given.environment().variables().isEmpty()) {
            f.environment((EnvironmentResponse) null);
        }
        if (given.deadLetterConfig() != null
                && "".equals(given.deadLetterConfig().targetArn())) {
            f.deadLetterConfig((DeadLetterConfig) null);
        }
        boolean variables =
                given.environment() != null && !given.environment().variables().isEmpty();
        boolean snapshots = given.snapStart() != null && given.snapStart().applyOn() != SnapStartApplyOn.NONE;
        boolean encrypts = variables || snapshots || given.packageType() == PackageType.IMAGE;
        if ("".equals(given.kmsKeyArn()) || !encrypts) {
            f.kmsKeyArn(null);
        }
    }

    private static LoggingConfig logging(FunctionConfiguration given) {
        LoggingConfig logging =
                given.loggingConfig() == null ? LoggingConfig.builder().build() : given.loggingConfig();
        LogFormat format = Objects.requireNonNullElse(logging.logFormat(), LogFormat.TEXT);
        boolean json = format == LogFormat.JSON;
        return logging.toBuilder()
                .logFormat(format)
                .logGroup(Objects.requireNonNullElse(logging.logGroup(), "/aws/lambda/" + given.functionName()))
                .applicationLogLevel(
                        json && logging.applicationLogLevel() == null
                                ? ApplicationLogLevel.INFO
                                : logging.applicationLogLevel())
                .systemLogLevel(
                        json && logging.systemLogLevel() == null ? SystemLogLevel.INFO : logging.systemLogLevel())
                .build();
    }

    static List<Layer> layers(List<String> arns) {
        return arns.stream()
                .map(arn -> Layer.builder().arn(arn).codeSize(0L).build())
                .toList();
    }

    static @Nullable ImageConfigResponse image(@Nullable ImageConfig config) {
        boolean none = config == null
                || config.entryPoint().isEmpty() && config.command().isEmpty() && config.workingDirectory() == null;
        return none ? null : ImageConfigResponse.builder().imageConfig(config).build();
    }
}
