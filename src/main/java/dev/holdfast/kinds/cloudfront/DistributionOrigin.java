package dev.holdfast.kinds.cloudfront;

import dev.holdfast.kind.Doc;
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
 * Where a distribution gets its content: a bucket, unless it says that it is another server.
 *
 * @see <a href="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_Origin.html">Origin</a>
 */
public record DistributionOrigin(
        @Doc("How behaviors name it.") @Required String id,

        @Doc("Its host name. For a bucket: the regional one, bucket.s3.region.amazonaws.com.") @Required
        String domainName,

        @Doc("What is put before the path of every request, such as /static; empty: nothing.")
        String originPath,

        @Doc("Headers that CloudFront adds to its requests.") @Key("headerName")
        List<OriginHeader> customHeaders,

        @Doc("A bucket; taken for granted where neither customOriginConfig nor vpcOriginConfig is said.")
        S3Origin s3OriginConfig,

        @Doc("A web server or a load balancer.") @Excludes({"s3OriginConfig", "vpcOriginConfig"})
        CustomOrigin customOriginConfig,

        @Doc("A load balancer or a server in private subnets.") @Excludes("s3OriginConfig")
        PrivateOrigin vpcOriginConfig,

        @Doc("How often CloudFront tries to connect; AWS's default is 3.") @Range(min = 1, max = 3)
        Integer connectionAttempts,

        @Doc("Seconds that it waits for a connection; AWS's default is 10.") @Range(min = 1, max = 10)
        Integer connectionTimeout,

        @Doc("Seconds until a response has to be complete; 0: no limit.")
        Integer responseCompletionTimeout,

        @Doc("A further cache in front of the origin.") OriginShielding originShield,

        @Doc("How requests to it are signed; empty: not at all.") @Ref("OriginAccessControl")
        String originAccessControlId) {
    public DistributionOrigin {
        if (s3OriginConfig == null && customOriginConfig == null && vpcOriginConfig == null) {
            s3OriginConfig = new S3Origin(null, null);
        }
    }

    public record OriginHeader(
            @Doc("The header's name.") @Required String headerName,
            @Doc("Its value.") @Required @Environment String headerValue) {}

    public record S3Origin(
            @Doc("An origin access identity, which AWS keeps for what it was made for; empty: none.")
            String originAccessIdentity,

            @Doc("Seconds that CloudFront waits for a response; AWS's default is 30.") @Range(min = 1, max = 120)
            Integer originReadTimeout) {
        public S3Origin {
            originAccessIdentity = Objects.requireNonNullElse(originAccessIdentity, "");
        }
    }

    public record CustomOrigin(
            @Doc("The port for HTTP; 80 if it is not said.") Integer httpPort,

            @Doc("The port for HTTPS; 443 if it is not said.")
            Integer httpsPort,

            @Doc("Whether CloudFront speaks HTTP, HTTPS, or what the viewer speaks.") @Required
            OriginProtocolPolicy originProtocolPolicy,

            @Doc("Versions of TLS that it offers to the origin.")
            Set<SslProtocol> originSslProtocols,

            @Doc("Seconds that it waits for a response; AWS's default is 30.") @Range(min = 1, max = 120)
            Integer originReadTimeout,

            @Doc("Seconds that it keeps a connection open; AWS's default is 5.") @Range(min = 1, max = 120)
            Integer originKeepaliveTimeout,

            @Doc("The addresses by which it reaches the origin.")
            IpAddressType ipAddressType) {
        public CustomOrigin {
            httpPort = Objects.requireNonNullElse(httpPort, 80);
            httpsPort = Objects.requireNonNullElse(httpsPort, 443);
        }
    }

    public record PrivateOrigin(
            @Doc("The VPC origin.") @Required @Ref("VpcOrigin")
            String vpcOriginId,

            @Doc("The account that it belongs to, if it is another one.")
            String ownerAccountId,

            @Doc("Seconds that CloudFront waits for a response; AWS's default is 30.") @Range(min = 1, max = 120)
            Integer originReadTimeout,

            @Doc("Seconds that it keeps a connection open; AWS's default is 5.") @Range(min = 1, max = 120)
            Integer originKeepaliveTimeout) {}

    public record OriginShielding(
            @Doc("Whether there is one.") @Required Boolean enabled,

            @Doc("Its region, the one nearest to the origin.")
            String originShieldRegion) {}
}
