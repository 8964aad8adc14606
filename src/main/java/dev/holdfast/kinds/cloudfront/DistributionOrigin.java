package dev.holdfast.kinds.cloudfront;

import dev.holdfast.kind.Doc;
import dev.holdfast.kind.EmptyIsNone;
import dev.holdfast.kind.Environment;
import dev.holdfast.kind.Excludes;
import dev.holdfast.kind.Key;
import dev.holdfast.kind.Range;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Required;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import software.amazon.awssdk.services.cloudfront.model.IpAddressType;
import software.amazon.awssdk.services.cloudfront.model.OriginProtocolPolicy;
import software.amazon.awssdk.services.cloudfront.model.SslProtocol;

/**
 * An origin of a distribution: a bucket, unless the document configures another server.
 *
 * @see <a href="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_Origin.html">Origin</a>
 */
public record DistributionOrigin(
        @Doc("The id by which behaviors refer to the origin.") @Required
        String id,

        @Doc("The host name of the origin. For a bucket, the regional name: bucket.s3.region.amazonaws.com.") @Required
        String domainName,

        @Doc("The path that CloudFront adds before the path of every request, such as /static; empty: none.")
        @EmptyIsNone
        String originPath,

        @Doc("The headers that CloudFront adds to its requests.") @Key("headerName")
        List<OriginHeader> customHeaders,

        @Doc("A bucket; the default if neither customOriginConfig nor vpcOriginConfig is set.")
        S3Origin s3OriginConfig,

        @Doc("A web server or a load balancer.") @Excludes({"s3OriginConfig", "vpcOriginConfig"})
        CustomOrigin customOriginConfig,

        @Doc("A load balancer or a server in private subnets.") @Excludes("s3OriginConfig")
        PrivateOrigin vpcOriginConfig,

        @Doc("The number of connection attempts; AWS's default is 3.") @Range(min = 1, max = 3)
        Integer connectionAttempts,

        @Doc("The time that CloudFront waits for a connection, in seconds; AWS's default is 10.")
        @Range(min = 1, max = 10)
        Integer connectionTimeout,

        @Doc("The time in which a response must be complete, in seconds; 0: no limit.")
        Integer responseCompletionTimeout,

        @Doc("An additional cache in front of the origin (Origin Shield).")
        OriginShielding originShield,

        @Doc("The id of the origin access control that signs requests to the origin; empty: requests are not signed.")
        @EmptyIsNone
        @Ref("OriginAccessControl")
        String originAccessControlId) {
    public DistributionOrigin {
        if (s3OriginConfig == null && customOriginConfig == null && vpcOriginConfig == null) {
            s3OriginConfig = new S3Origin(null, null);
        }
    }

    public record OriginHeader(
            @Doc("The name of the header.") @Required String headerName,

            @Doc("The value of the header.") @Required @Environment
            String headerValue) {}

    public record S3Origin(
            @Doc("The origin access identity, the legacy form of originAccessControlId; empty: none.")
            String originAccessIdentity,

            @Doc("The time that CloudFront waits for a response, in seconds; AWS's default is 30.")
            @Range(min = 1, max = 120)
            Integer originReadTimeout) {
        public S3Origin {
            originAccessIdentity = Objects.requireNonNullElse(originAccessIdentity, "");
        }
    }

    public record CustomOrigin(
            @Doc("The port for HTTP; 80 by default.") Integer httpPort,

            @Doc("The port for HTTPS; 443 by default.") Integer httpsPort,

            @Doc("The protocol to the origin: http-only, https-only, or match-viewer (that of the viewer's request).")
            @Required
            OriginProtocolPolicy originProtocolPolicy,

            @Doc("The TLS versions that CloudFront offers to the origin.")
            Set<SslProtocol> originSslProtocols,

            @Doc("The time that CloudFront waits for a response, in seconds; AWS's default is 30.")
            @Range(min = 1, max = 120)
            Integer originReadTimeout,

            @Doc("The time that CloudFront keeps an idle connection open, in seconds; AWS's default is 5.")
            @Range(min = 1, max = 120)
            Integer originKeepaliveTimeout,

            @Doc("The types of IP addresses that CloudFront uses to reach the origin.")
            IpAddressType ipAddressType) {
        public CustomOrigin {
            httpPort = Objects.requireNonNullElse(httpPort, 80);
            httpsPort = Objects.requireNonNullElse(httpsPort, 443);
        }
    }

    public record PrivateOrigin(
            @Doc("The id of the VPC origin.") @Required @Ref("VpcOrigin")
            String vpcOriginId,

            @Doc("The account that owns the VPC origin, if it is another account.")
            String ownerAccountId,

            @Doc("The time that CloudFront waits for a response, in seconds; AWS's default is 30.")
            @Range(min = 1, max = 120)
            Integer originReadTimeout,

            @Doc("The time that CloudFront keeps an idle connection open, in seconds; AWS's default is 5.")
            @Range(min = 1, max = 120)
            Integer originKeepaliveTimeout) {}

    public record OriginShielding(
            @Doc("Whether Origin Shield is on.") @Required Boolean enabled,

            @Doc("The region of Origin Shield; use the region nearest to the origin.")
            String originShieldRegion) {}
}
