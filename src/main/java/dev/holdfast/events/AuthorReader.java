package dev.holdfast.events;

import static dev.holdfast.events.EventParser.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.model.ChangeAuthor;
import dev.holdfast.model.ChangeAuthor.IdentityType;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the author of a call from CloudTrail's record.
 *
 * @see <a href="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html">userIdentity</a>
 */
final class AuthorReader {
    private static final int LONGEST = 200;

    /** The AWS services that change objects of users, by their principals. */
    private static final Map<String, String> SERVICES = Map.ofEntries(
            Map.entry("ecs.application-autoscaling.amazonaws.com", "Application Auto Scaling"),
            Map.entry("application-autoscaling.amazonaws.com", "Application Auto Scaling"),
            Map.entry("autoscaling.amazonaws.com", "Auto Scaling"),
            Map.entry("ecs.amazonaws.com", "ECS"),
            Map.entry("ecs-tasks.amazonaws.com", "an ECS task"),
            Map.entry("cloudformation.amazonaws.com", "CloudFormation"),
            Map.entry("elasticloadbalancing.amazonaws.com", "Elastic Load Balancing"),
            Map.entry("rds.amazonaws.com", "RDS"),
            Map.entry("elasticache.amazonaws.com", "ElastiCache"),
            Map.entry("secretsmanager.amazonaws.com", "Secrets Manager"),
            Map.entry("lambda.amazonaws.com", "Lambda"),
            Map.entry("config.amazonaws.com", "AWS Config"),
            Map.entry("ssm.amazonaws.com", "Systems Manager"),
            Map.entry("backup.amazonaws.com", "AWS Backup"),
            Map.entry("fms.amazonaws.com", "Firewall Manager"));

    /** The tools by a part of their user agents; the first match counts. */
    private static final Map<String, String> TOOLS = tools();

    private final boolean names;

    /**
     * @param names whether names and addresses may be shown; otherwise an author has only an identity type and a tool
     */
    AuthorReader(boolean names) {
        this.names = names;
    }

    private static Map<String, String> tools() {
        Map<String, String> tools = new LinkedHashMap<>();
        tools.put("app/holdfast", "Holdfast");
        tools.put("terraform", "Terraform");
        tools.put("opentofu", "OpenTofu");
        tools.put("pulumi", "Pulumi");
        tools.put("crossplane", "Crossplane");
        tools.put("cloudformation.amazonaws.com", "CloudFormation");
        tools.put("aws-cdk", "CDK");
        tools.put("console.amazonaws.com", "the AWS console");
        tools.put("signin.amazonaws.com", "the AWS console");
        tools.put("[s3console", "the AWS console");
        tools.put("aws internal", "AWS itself");
        tools.put("aws-cli", "aws-cli");
        tools.put("boto3", "boto3");
        tools.put("aws-sdk-go", "an AWS SDK (Go)");
        tools.put("aws-sdk-java", "an AWS SDK (Java)");
        tools.put("aws-sdk-js", "an AWS SDK (JavaScript)");
        return tools;
    }

    ChangeAuthor read(JsonNode detail, String call, Instant at, String id) {
        JsonNode identity = detail.path("userIdentity");
        IdentityType type = type(text(identity, "type"));
        String invokedBy = text(identity, "invokedBy");
        String role = type == IdentityType.AssumedRole ? role(identity) : "";
        String who = authorName(identity, type, invokedBy);
        if (names || type == IdentityType.AwsService) {
            return new ChangeAuthor(
                    who,
                    type,
                    role.isEmpty() ? null : role,
                    through(detail, invokedBy),
                    from(detail, type),
                    at,
                    call,
                    id);
        }
        return new ChangeAuthor("somebody", type, null, through(detail, invokedBy), null, at, call, id);
    }

    private static IdentityType type(String type) {
        return switch (type) {
            case "Root" -> IdentityType.Root;
            case "IAMUser" -> IdentityType.IamUser;
            case "AssumedRole", "Role" -> IdentityType.AssumedRole;
            case "FederatedUser", "SAMLUser", "WebIdentityUser", "IdentityCenterUser" -> IdentityType.Federated;
            case "AWSAccount" -> IdentityType.AwsAccount;
            case "AWSService" -> IdentityType.AwsService;
            default -> IdentityType.Other;
        };
    }

    /**
     * The source identity stays the same over all roles that a person assumes. A session usually has the person's name.
     */
    private static String authorName(JsonNode identity, IdentityType type, String invokedBy) {
        JsonNode session = identity.path("sessionContext");
        String source = text(session, "sourceIdentity");
        if (!source.isEmpty()) {
            return shown(source);
        }
        String principal = text(identity, "principalId");
        String arn = text(identity, "arn");
        String name = switch (type) {
            case Root -> "the root user";
            case IamUser, Federated -> {
                String user = text(identity, "userName");
                yield user.isEmpty() ? last(arn.isEmpty() ? principal : arn) : user;
            }
            case AssumedRole -> session(arn, principal);
            case AwsAccount -> "the account " + text(identity, "accountId");
            case AwsService -> service(invokedBy);
            case Other -> {
                String user = text(identity, "userName");
                yield user.isEmpty() ? last(arn.isEmpty() ? principal : arn) : user;
            }
        };
        return name.isEmpty() ? "somebody unknown" : shown(name);
    }

    private static String session(String arn, String principal) {
        String name = arn.contains("/") ? last(arn) : principal.substring(principal.indexOf(':') + 1);
        return name;
    }

    private static String last(String text) {
        return text.substring(Math.max(text.lastIndexOf('/'), text.lastIndexOf(':')) + 1);
    }

    private static String role(JsonNode identity) {
        String issuer = text(identity.path("sessionContext").path("sessionIssuer"), "userName");
        if (!issuer.isEmpty()) {
            return shown(issuer);
        }
        String[] parts = text(identity, "arn").split("/", -1);
        return parts.length >= 2 ? shown(parts[parts.length - 2]) : "";
    }

    private static String service(String principal) {
        String name = SERVICES.get(principal);
        return name != null ? name : principal.isEmpty() ? "an AWS service" : principal;
    }

    private static @Nullable String through(JsonNode detail, String invokedBy) {
        if (!invokedBy.isEmpty() && invokedBy.endsWith(".amazonaws.com")) {
            return service(invokedBy);
        }
        if (text(detail, "sessionCredentialFromConsole").equals("true")) {
            return "the AWS console";
        }
        String agent = text(detail, "userAgent");
        String lower = agent.toLowerCase(java.util.Locale.ROOT);
        return TOOLS.entrySet().stream()
                .filter(tool -> lower.contains(tool.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(agent.isEmpty() ? null : shown(agent.split("[ (]", 2)[0]));
    }

    private static @Nullable String from(JsonNode detail, IdentityType type) {
        String address = text(detail, "sourceIPAddress");
        return address.isEmpty() || type == IdentityType.AwsService ? null : shown(address);
    }

    /** Limits the length and the characters of a name, because other principals choose the name. */
    private static String shown(String name) {
        StringBuilder text = new StringBuilder();
        name.codePoints()
                .limit(LONGEST)
                .forEach(c -> text.appendCodePoint(
                        Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c));
        return text.toString();
    }
}
