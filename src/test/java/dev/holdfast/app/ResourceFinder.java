package dev.holdfast.app;

import static java.util.Map.entry;

import dev.holdfast.twin.JudgedCall;
import dev.holdfast.twin.store.TwinItem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The resources on which IAM checks an action: those of the types that AWS's reference lists for the action, as far as
 * the request names or creates them.
 *
 * @see <a href="https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html">the reference</a>
 */
final class ResourceFinder {
    /** The part of an id that AWS generates when a resource is created. */
    private static final String NEW = "0123456789abcdef0";

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)}");
    private static final Pattern EC2_ID = Pattern.compile("([a-z]+)-[0-9a-f]{8,17}");
    private static final Map<String, String> TYPES_OF_EC2 = Map.of(
            "vpc", "vpc",
            "subnet", "subnet",
            "eipalloc", "elastic-ip",
            "sg", "security-group",
            "rtb", "route-table",
            "igw", "internet-gateway",
            "nat", "natgateway",
            "vpce", "vpc-endpoint");

    /**
     * The types that calls create, if the name of the call does not contain the type, or if AWS checks another type.
     */
    private static final Map<String, String> MADE = Map.ofEntries(
            entry("ec2:AllocateAddress", "elastic-ip/" + NEW),
            entry("ec2:CreateVpc", "vpc/" + NEW),
            entry("ec2:CreateSubnet", "subnet/" + NEW),
            entry("ec2:CreateInternetGateway", "internet-gateway/" + NEW),
            entry("ec2:CreateNatGateway", "natgateway/" + NEW),
            entry("ec2:CreateRouteTable", "route-table/" + NEW),
            entry("ec2:CreateSecurityGroup", "security-group/" + NEW),
            entry("ec2:CreateVpcEndpoint", "vpc-endpoint/" + NEW),
            entry("acm:RequestCertificate", "certificate/" + NEW),
            entry("kms:CreateKey", "key/" + NEW),
            entry("cloudfront:CreateDistributionWithTags", "distribution/" + NEW),
            entry("cloudfront:CreateVpcOrigin", "vpcorigin/" + NEW),
            entry("elasticloadbalancing:CreateListener", "listener/app/x/" + NEW + "/" + NEW),
            entry("elasticloadbalancing:CreateRule", "listener-rule/app/x/" + NEW + "/" + NEW + "/" + NEW));

    /** The members of a request that hold the value of each variable of the reference; in lower case. */
    private static final Map<String, List<String>> MEMBERS = Map.ofEntries(
            entry("BucketName", List.of("bucket")),
            entry("TopicName", List.of("name")),
            entry("RoleNameWithPath", List.of("rolename")),
            entry("LoadBalancerName", List.of("name")),
            entry("TargetGroupName", List.of("name")),
            entry("DbInstanceName", List.of("dbinstanceidentifier")),
            entry("DbClusterInstanceName", List.of("dbclusteridentifier")),
            entry("ParameterGroupName", List.of("dbparametergroupname")),
            entry("ClusterParameterGroupName", List.of("dbclusterparametergroupname")),
            entry("SubnetGroupName", List.of("dbsubnetgroupname")),
            entry("ClusterSnapshotName", List.of("finaldbsnapshotidentifier", "snapshotidentifier")),
            entry(
                    "SnapshotName",
                    List.of("finalsnapshotidentifier", "dbsnapshotidentifier", "snapshotname", "snapshotidentifier")),
            entry("UserId", List.of("userid", "userids", "useridstoadd")),
            entry("UserGroupId", List.of("usergroupid", "usergroupids")),
            entry("SecretId", List.of("secretid", "name")),
            entry("AlarmName", List.of("alarmname", "alarmnames")),
            entry("DashboardName", List.of("dashboardname", "dashboardnames")),
            entry("ClusterName", List.of("clustername", "cluster")),
            entry("ServiceName", List.of("servicename", "service")),
            entry("TaskDefinitionFamilyName", List.of("family")),
            entry("HostedZoneId", List.of("hostedzoneid", "id")),
            entry("DistributionId", List.of("id")),
            entry("Id", List.of("hostedzoneid", "id", "resourceid")),
            entry("Name", List.of("name")),
            entry("KeyId", List.of("keyid", "targetkeyid")),
            entry("Alias", List.of("aliasname")),
            entry("SamplingRuleName", List.of("rulename")),
            entry("CertificateId", List.of("certificatearn")));

    /** The variables whose values AWS adds to a name. */
    private static final Set<String> ADDED = Set.of("LoadBalancerId", "TargetGroupId", "TaskDefinitionRevisionNumber");

    /** @param tags the tags of an existing resource; empty for a resource that the call creates */
    record FoundResource(String arn, boolean made, Map<String, String> tags) {}

    private final JudgedCall call;
    private final RequestContent content;
    private final Collection<TwinItem> inventory;

    ResourceFinder(JudgedCall call, RequestContent content, Collection<TwinItem> inventory) {
        this.call = call;
        this.content = content;
        this.inventory = inventory;
    }

    /**
     * @param templates the templates of the reference: {@code arn:${Partition}:ec2:${Region}:${Account}:vpc/${VpcId}}
     */
    List<FoundResource> find(Collection<String> templates) {
        Map<String, FoundResource> found = new TreeMap<>();
        for (String template : templates) {
            List<FoundResource> existing = existing(template);
            for (FoundResource resource : existing.isEmpty() ? named(template) : existing) {
                found.put(resource.arn(), resource);
            }
        }
        FoundResource made = made();
        if (made != null
                && templates.stream().anyMatch(t -> arns(t).matcher(made.arn()).matches())) {
            found.put(made.arn(), made);
        }
        return List.copyOf(found.values());
    }

    /** The resource that the call creates, if its ARN has an id instead of a name. */
    @Nullable
    FoundResource made() {
        String type = MADE.get(call.operation());
        if (type == null) {
            return null;
        }
        String service = call.operation().substring(0, call.operation().indexOf(':'));
        String region = service.equals("cloudfront") ? "" : call.region();
        return new FoundResource(
                "arn:aws:" + service + ":" + region + ":" + call.account() + ":" + type, true, Map.of());
    }

    /** The resource of this ARN, with its tags if it exists. */
    FoundResource at(String arn) {
        return inventory.stream()
                .filter(i -> i.arn().equals(arn))
                .findFirst()
                .map(i -> new FoundResource(arn, false, i.tags()))
                .orElseGet(() -> new FoundResource(arn, false, Map.of()));
    }

    private List<FoundResource> existing(String template) {
        Pattern arns = arns(template);
        // S3 checks a call on the bucket that the call changes, and not on other buckets in the content.
        Set<String> texts = template.contains(":s3:") ? Set.copyOf(content.of("bucket")) : content.all();
        return inventory.stream()
                .filter(i -> arns.matcher(i.arn()).matches())
                .filter(i -> texts.contains(i.arn())
                        || texts.contains(i.id())
                        || isAssociated(i)
                        || isSecret(i) && texts.contains(nameOfSecret(i))
                        || isTarget(i) && isOnTarget(i))
                .map(i -> new FoundResource(i.arn(), false, i.tags()))
                .toList();
    }

    /** A route table or a subnet of the association that the request names. */
    private boolean isAssociated(TwinItem item) {
        String association = content.first("associationid");
        return association != null
                && inventory.stream()
                        .filter(i -> i.type().startsWith("ec2:route-table")
                                && i.detail().contains(association))
                        .anyMatch(i -> i.equals(item)
                                || item.type().equals("ec2:subnet")
                                        && i.detail().contains(item.id())
                                        && !content.all().contains(item.id()));
    }

    /** Whether the association that the request names exists. */
    boolean hasAssociation() {
        return inventory.stream().anyMatch(this::isAssociated);
    }

    private static boolean isSecret(TwinItem item) {
        return item.type().equals("secretsmanager:secret");
    }

    private static String nameOfSecret(TwinItem item) {
        return item.arn().replaceFirst(".*:secret:", "").replaceFirst("-\\w{6}$", "");
    }

    private static boolean isTarget(TwinItem item) {
        return item.type().equals("application-autoscaling:scalable-target");
    }

    private boolean isOnTarget(TwinItem item) {
        return item.id()
                .equals(content.first("servicenamespace") + "/" + content.first("resourceid") + "/"
                        + content.first("scalabledimension"));
    }

    /** The resources that the request names and that do not exist: the call creates them, or they are deleted. */
    private List<FoundResource> named(String template) {
        List<FoundResource> found = new ArrayList<>();
        if (template.contains(":ec2:")) {
            for (String text : content.all()) {
                Matcher id = EC2_ID.matcher(text);
                if (id.matches() && template.contains(":" + TYPES_OF_EC2.get(id.group(1)) + "/$")) {
                    found.add(new FoundResource(
                            "arn:aws:ec2:" + call.region() + ":" + call.account() + ":" + TYPES_OF_EC2.get(id.group(1))
                                    + "/" + text,
                            false,
                            Map.of()));
                }
            }
            return found;
        }
        Pattern arns = arns(template);
        content.all().stream()
                // A subscription is checked as its topic.
                .map(text -> text.replaceFirst("^(arn:aws:sns(:[^:]+){3}):[^:]+$", "$1"))
                .filter(text -> arns.matcher(text).matches())
                .forEach(text -> found.add(at(text)));
        if (found.isEmpty()) {
            fill(template, found);
        }
        return found;
    }

    private void fill(String template, List<FoundResource> found) {
        String arn = known(template);
        Matcher variable = VARIABLE.matcher(arn);
        StringBuilder filled = new StringBuilder();
        while (variable.find()) {
            String value = value(variable.group(1), template);
            if (value == null) {
                return;
            }
            variable.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        variable.appendTail(filled);
        found.add(new FoundResource(filled.toString(), true, Map.of()));
    }

    private @Nullable String value(String variable, String template) {
        if (ADDED.contains(variable)) {
            return NEW;
        }
        if (variable.equals("Id") && template.contains(":xray:")
                || variable.equals("ResourceId") && call.operation().endsWith("RegisterScalableTarget")) {
            return NEW;
        }
        List<String> members = MEMBERS.getOrDefault(variable, List.of(variable.toLowerCase(Locale.ROOT)));
        String value = content.first(members.toArray(String[]::new));
        if (value == null) {
            return null;
        }
        return switch (variable) {
            case "RoleNameWithPath" -> pathless(content.first("path")) + value;
            case "ClusterName", "ServiceName" -> value.substring(value.lastIndexOf('/') + 1);
            case "Alias" -> value.replaceFirst("^alias/", "");
            case "SecretId" -> value.startsWith("arn:") ? value.replaceFirst(".*:secret:", "") : value + "-AbCdEf";
            case "Id" -> value.replaceFirst("^/?hostedzone/", "");
            default -> value;
        };
    }

    private static String pathless(@Nullable String path) {
        return path == null ? "" : path.replaceFirst("^/", "");
    }

    private String known(String template) {
        return template.replace("${Partition}", "aws")
                .replace("${Region}", call.region())
                .replace("${Account}", call.account());
    }

    /** The ARNs of a type: only the last part of a name has slashes. */
    private Pattern arns(String template) {
        String known = known(template);
        Matcher variable = VARIABLE.matcher(known);
        List<String> parts = new ArrayList<>();
        int from = 0;
        while (variable.find()) {
            parts.add(Pattern.quote(known.substring(from, variable.start())));
            from = variable.end();
        }
        parts.add(Pattern.quote(known.substring(from)));
        if (parts.size() == 2) {
            return Pattern.compile(parts.getFirst() + "(?!\\w+!)[^:]+" + parts.getLast());
        }
        return Pattern.compile(parts.stream().collect(Collectors.joining("[^/:]+")));
    }
}
