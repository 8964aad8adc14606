package dev.holdfast.composites;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Offers;
import dev.holdfast.kind.Range;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** CloudFront in front of an Ingress and buckets, with its certificate and its names. */
final class CdnComposite implements Composite<CdnComposite.Spec> {
    private static final String PART = "cdn";

    /** The region of CloudFront's certificates, which does not depend on the region of the stack. */
    private static final String VIRGINIA = "us-east-1";

    /** @see <a href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html">cache policies</a> */
    private static final String CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

    private static final String CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";

    /** @see <a href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html">origin request policies</a> */
    private static final String ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3";

    private static final String CORS_S3 = "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf";

    public record Spec(
            @Setting("The name of the Ingress that answers all paths except those of buckets. Default: main.")
            String ingress,

            @Setting("The protocol between CloudFront and the Ingress, which needs a domain or a certificate for HTTPS."
                    + " Default: https-only.")
            @Offers({"https-only", "http-only"})
            String originProtocolPolicy,

            @Setting("Whether CloudFront reaches the Ingress through a VPC origin and not over the internet. The"
                    + " Ingress must then be internal, and its security group must admit CloudFront's managed"
                    + " prefix list. Default: false.")
            Boolean vpcOrigin,

            @Setting("The buckets that answer paths, by path pattern, such as /media/*.")
            Map<String, CdnBucket> buckets,

            @Doc("The names of the site, for which the composite creates a certificate and records. Default: only the"
                    + " distribution's own name.")
            CdnDomain domain,

            @Setting("The answer to HTTP: redirect-to-https, or https-only, which rejects HTTP. Default:"
                    + " redirect-to-https.")
            @Offers({"redirect-to-https", "https-only"})
            String viewerProtocolPolicy,

            @Setting("The oldest TLS version that viewers may use, with a domain. Default: TLSv1.2_2021.")
            String minimumProtocolVersion,

            @Setting(
                    "The regions that answer: PriceClass_100, PriceClass_200 or PriceClass_All. Default: PriceClass_100.")
            @Offers({"PriceClass_100", "PriceClass_200", "PriceClass_All"})
            String priceClass,

            @Doc("The ARN of a web ACL of WAF in us-east-1. Default: the web ACL that AWS or another principal has"
                    + " set.")
            String webACLId,

            @Setting("The threshold of the alarm for errors; false: there is no alarm.") @Switchable
            CdnAlarms alarms,

            @Doc("Tags for all parts that take tags.") Map<String, String> tags,
            @Doc(Expansion.OVERRIDES) Map<String, JsonNode> overrides,
            @Doc(Expansion.WITHOUT) SequencedSet<String> without) {
        public Spec {
            ingress = ingress == null ? Expansion.MAIN : ingress;
            originProtocolPolicy = originProtocolPolicy == null ? "https-only" : originProtocolPolicy;
            vpcOrigin = vpcOrigin == null ? Boolean.FALSE : vpcOrigin;
            buckets = buckets == null ? Map.of() : buckets;
            viewerProtocolPolicy = viewerProtocolPolicy == null ? "redirect-to-https" : viewerProtocolPolicy;
            minimumProtocolVersion = minimumProtocolVersion == null ? "TLSv1.2_2021" : minimumProtocolVersion;
            priceClass = priceClass == null ? "PriceClass_100" : priceClass;
            alarms = alarms == null ? CdnAlarms.DEFAULT : alarms;
        }
    }

    /** The alarm is in us-east-1, where CloudFront's metrics are. An alarm notifies only topics of its region. */
    public record CdnAlarms(
            @Setting("Whether there is an alarm. Default: true.")
            Boolean enabled,

            @Setting("The ARNs of the topics in us-east-1 that receive the alarm and its end. Default: none.")
            SequencedSet<String> actions,

            @Setting("The percentage of viewers' requests with a 5XX status in 5 minutes, above which the alarm fires."
                    + " Default: 5.")
            @Range(min = 0, max = 100)
            Integer errorRate) {
        static final CdnAlarms DEFAULT = new CdnAlarms(true, JsonFields.ordered(), 5);

        public CdnAlarms {
            enabled = enabled == null ? Boolean.TRUE : enabled;
            actions = actions == null ? JsonFields.ordered() : actions;
            errorRate = errorRate == null ? DEFAULT.errorRate() : errorRate;
        }
    }

    public record CdnBucket(
            @Setting("The name of the Bucket. Its policy must admit the distribution.") @Required
            String bucket,

            @Setting("The prefix of the path in the bucket, such as /public. Default: none.")
            String originPath) {
        public CdnBucket {
            originPath = originPath == null ? "" : originPath;
        }
    }

    /** A name in a hosted zone of Route 53, and names one level below it. */
    public record CdnDomain(
            @Setting("The id of the hosted zone, which is public.") @Required
            String hostedZoneId,

            @Setting("The name of the site, such as example.com.") @Required
            String name,

            @Setting("Further names, each one level below name, such as www.example.com. Default: none.")
            SequencedSet<String> alternativeNames) {
        public CdnDomain {
            alternativeNames = alternativeNames == null ? JsonFields.ordered() : alternativeNames;
        }
    }

    @Override
    public CompositeInfo<Spec> info() {
        return CompositeInfo.of(
                        "Cdn",
                        Spec.class,
                        "A distribution of CloudFront in front of an Ingress and buckets, with certificate and records.")
                .output("arn", "The ARN of the distribution, which a bucket's policy admits as AWS:SourceArn.")
                .output("id", "The id of the distribution.")
                .output("domainName", "The distribution's own host name.")
                .output("hostName", "The name of the site: the name of its domain, or domainName without a domain.");
    }

    @Override
    public void expand(Spec spec, Expansion into) {
        CompositePart access = into.part("OriginAccessControl")
                .set("description", "Buckets behind " + into.name())
                .set("signingProtocol", "sigv4")
                .set("signingBehavior", "always")
                .set("originAccessControlOriginType", "s3");
        CompositePart distribution = into.part("Distribution")
                .set("enabled", true)
                .set("comment", into.stack().name() + " " + into.name())
                .set("origins", origins(spec, access, spec.vpcOrigin() ? privateWay(spec, into) : null))
                .set("originGroups", List.of())
                .set("defaultCacheBehavior", behavior(spec, null, "ingress", CACHING_DISABLED, ALL_VIEWER))
                .from("/defaultCacheBehavior/viewerProtocolPolicy", "/viewerProtocolPolicy")
                .set("cacheBehaviors", behaviors(spec), "/buckets")
                .set("defaultRootObject", "")
                .set("customErrorResponses", List.of())
                .set("restrictions", JsonFields.of("geoRestriction", JsonFields.of("restrictionType", "none")))
                .set("webACLId", spec.webACLId(), "/webACLId")
                .set("priceClass", spec.priceClass(), "/priceClass")
                .set("httpVersion", "http2and3")
                .set("isIPV6Enabled", true)
                .tags(spec.tags());
        for (int i = 0; i < distribution.spec().path("origins").size(); i++) {
            distribution.from("/origins/" + i, i == 0 ? "/ingress" : "/buckets");
        }
        CdnDomain domain = spec.domain();
        if (domain == null) {
            distribution
                    .set("aliases", List.of())
                    .set("viewerCertificate", JsonFields.of("cloudFrontDefaultCertificate", true));
        } else {
            named(spec, domain, into, distribution);
        }
        if (spec.alarms().enabled()) {
            alarm(spec.alarms(), into, distribution).tags(spec.tags());
        }
        into.output("arn", distribution.ref("arn"));
        into.output("id", distribution.ref("id"));
        into.output("domainName", distribution.ref("domainName"));
        into.output("hostName", domain == null ? distribution.ref("domainName") : domain.name());
    }

    /** @see <a href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html">metrics of CloudFront</a> */
    private static CompositePart alarm(CdnAlarms alarms, Expansion into, CompositePart distribution) {
        int i = 0;
        for (String topic : alarms.actions()) {
            if (topic.startsWith("arn:") && !topic.startsWith("arn:aws:sns:" + VIRGINIA + ":")) {
                into.mistake(
                        "/alarms/actions/" + i,
                        "expected a topic in " + VIRGINIA + ", found " + topic,
                        "AWS rejects topics of other regions for this alarm: set metadata.region of the Topic to "
                                + VIRGINIA);
            }
            i++;
        }
        return into.part("Alarm", "cdn-5xx")
                .region(VIRGINIA)
                .set(
                        "alarmDescription",
                        "More than " + alarms.errorRate() + " % of the requests to " + into.name()
                                + " end with a 5XX status")
                .set("namespace", "AWS/CloudFront")
                .set("metricName", "5xxErrorRate")
                .set(
                        "dimensions",
                        List.of(
                                JsonFields.of("name", "DistributionId", "value", distribution.ref("id")),
                                JsonFields.of("name", "Region", "value", "Global")))
                .set("statistic", "Average")
                .set("period", 300)
                .set("evaluationPeriods", 2)
                .set("threshold", alarms.errorRate(), "/alarms/errorRate")
                .set("comparisonOperator", "GreaterThanThreshold")
                .set("treatMissingData", "notBreaching")
                .reportsTo(alarms.actions());
    }

    private static void named(Spec spec, CdnDomain domain, Expansion into, CompositePart distribution) {
        List<String> names = new ArrayList<>(List.of(domain.name()));
        names.addAll(domain.alternativeNames());
        int i = 0;
        for (String name : domain.alternativeNames()) {
            if (!name.endsWith("." + domain.name())
                    || name.substring(0, name.length() - domain.name().length() - 1)
                            .contains(".")) {
                into.mistake(
                        "/domain/alternativeNames/" + i,
                        "expected a name one level below " + domain.name() + ", found " + name,
                        "declare a separate Cdn for the name");
            }
            i++;
        }
        DomainParts parts = new DomainParts(into, domain.hostedZoneId(), PART, spec.tags());
        CompositePart certificate = parts.certificate(
                        domain.name(), !domain.alternativeNames().isEmpty())
                .region(VIRGINIA);
        distribution
                .set("aliases", names, "/domain")
                .set(
                        "viewerCertificate",
                        JsonFields.of(
                                "acmCertificateArn",
                                certificate.ref(),
                                "sslSupportMethod",
                                "sni-only",
                                "minimumProtocolVersion",
                                spec.minimumProtocolVersion()))
                .from("/viewerCertificate/minimumProtocolVersion", "/minimumProtocolVersion");
        i = 0;
        for (String name : names) {
            for (String type : List.of("A", "AAAA")) {
                parts.alias(
                        PART + "-" + type.toLowerCase(java.util.Locale.ROOT) + (i == 0 ? "" : "-" + i),
                        name,
                        type,
                        distribution.ref("hostedZoneId"),
                        distribution.ref("domainName"),
                        false);
            }
            i++;
        }
    }

    /** @see <a href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html">VPC origins</a> */
    private static CompositePart privateWay(Spec spec, Expansion into) {
        return into.part("VpcOrigin")
                .set("arn", "${Ingress/" + spec.ingress() + ".loadBalancerArn}", "/ingress")
                .set("httpPort", 80)
                .set("httpsPort", 443)
                .set("originProtocolPolicy", spec.originProtocolPolicy(), "/originProtocolPolicy")
                .set("originSslProtocols", List.of("TLSv1.2"))
                .tags(spec.tags());
    }

    private static String hostName(Spec spec) {
        boolean https = spec.originProtocolPolicy().equals("https-only");
        String output = spec.vpcOrigin()
                ? https ? "internalHttpsHostName" : "internalHostName"
                : https ? "httpsHostName" : "publicHostName";
        return "${Ingress/" + spec.ingress() + "." + output + "}";
    }

    /** @param way the VPC origin; null if the origin is reached over the internet */
    private static List<Object> origins(Spec spec, CompositePart access, @Nullable CompositePart way) {
        List<Object> origins = new ArrayList<>();
        Map<String, Object> ingress = JsonFields.of(
                "id", "ingress", "domainName", hostName(spec), "originPath", "", "customHeaders", List.of());
        if (way == null) {
            ingress.put(
                    "customOriginConfig",
                    JsonFields.of(
                            "originProtocolPolicy",
                            spec.originProtocolPolicy(),
                            "originSslProtocols",
                            List.of("TLSv1.2"),
                            "originReadTimeout",
                            30,
                            "originKeepaliveTimeout",
                            5));
        } else {
            ingress.put(
                    "vpcOriginConfig",
                    JsonFields.of("vpcOriginId", way.ref(), "originReadTimeout", 30, "originKeepaliveTimeout", 5));
        }
        origins.add(ingress);
        new TreeMap<>(spec.buckets())
                .forEach((path, bucket) -> origins.add(JsonFields.of(
                        "id",
                        id(bucket),
                        "domainName",
                        "${Bucket/" + bucket.bucket() + ".regionalDomainName}",
                        "originPath",
                        bucket.originPath(),
                        "customHeaders",
                        List.of(),
                        "originAccessControlId",
                        access.ref(),
                        "s3OriginConfig",
                        JsonFields.of("originAccessIdentity", ""))));
        return origins.stream().distinct().toList();
    }

    /** Two path patterns may share one origin. */
    private static String id(CdnBucket bucket) {
        return "bucket-" + bucket.bucket() + bucket.originPath().replace('/', '-');
    }

    private static List<Object> behaviors(Spec spec) {
        List<Object> behaviors = new ArrayList<>();
        new TreeMap<>(spec.buckets())
                .forEach((path, bucket) -> behaviors.add(behavior(spec, path, id(bucket), CACHING_OPTIMIZED, CORS_S3)));
        return behaviors;
    }

    /** @param path the path pattern; null for all other paths, which accept every method */
    private static Map<String, Object> behavior(
            Spec spec, @Nullable String path, String origin, String cachePolicy, String requestPolicy) {
        Map<String, Object> behavior = JsonFields.of(
                "targetOriginId",
                origin,
                "viewerProtocolPolicy",
                spec.viewerProtocolPolicy(),
                "allowedMethods",
                JsonFields.of(
                        "items",
                        path == null
                                ? List.of("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
                                : List.of("GET", "HEAD", "OPTIONS"),
                        "cachedMethods",
                        List.of("GET", "HEAD")),
                "compress",
                true,
                "cachePolicyId",
                cachePolicy,
                "originRequestPolicyId",
                requestPolicy,
                "responseHeadersPolicyId",
                "",
                "functionAssociations",
                List.of(),
                "lambdaFunctionAssociations",
                List.of());
        if (path != null) {
            behavior.put("pathPattern", path);
        }
        return behavior;
    }
}
