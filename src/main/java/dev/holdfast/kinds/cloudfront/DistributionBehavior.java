package dev.holdfast.kinds.cloudfront;

import dev.holdfast.kind.Doc;
import dev.holdfast.kind.EmptyIsNone;
import dev.holdfast.kind.Key;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Required;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.cloudfront.model.EventType;
import software.amazon.awssdk.services.cloudfront.model.Method;
import software.amazon.awssdk.services.cloudfront.model.ViewerProtocolPolicy;

/**
 * The behavior of a distribution for requests for some paths.
 *
 * @see <a href="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CacheBehavior.html">CacheBehavior</a>
 */
public record DistributionBehavior(
        @Doc("The pattern of the paths, such as /media/*.") @Required
        String pathPattern,

        @Doc("The id of the origin or origin group that answers the requests.") @Required
        String targetOriginId,

        @Doc("Whether HTTP is allowed (allow-all), refused (https-only) or redirected (redirect-to-https).") @Required
        ViewerProtocolPolicy viewerProtocolPolicy,

        @Doc("The allowed HTTP methods; AWS's default is GET and HEAD.")
        BehaviorMethods allowedMethods,

        @Doc("Whether CloudFront compresses files for viewers that support compression.")
        Boolean compress,

        @Doc("The cache policy; required for a new distribution.") @Ref("CachePolicy")
        String cachePolicyId,

        @Doc("The policy for other parts of a request that are sent to the origin; empty: none.")
        @EmptyIsNone
        @Ref("OriginRequestPolicy")
        String originRequestPolicyId,

        @Doc("The policy for headers that are added to or removed from responses; empty: none.")
        @EmptyIsNone
        @Ref("ResponseHeadersPolicy")
        String responseHeadersPolicyId,

        @Doc("CloudFront functions, at most one for each event.") @Key("eventType")
        List<BehaviorFunction> functionAssociations,

        @Doc("Lambda@Edge functions, at most one for each event.") @Key("eventType")
        List<BehaviorLambda> lambdaFunctionAssociations,

        @Doc("The ids of key groups; a request must be signed with a key of one of them.")
        Set<String> trustedKeyGroups,

        @Doc("The ARN of the configuration of real-time logs; empty: none.") @EmptyIsNone
        String realtimeLogConfigArn,

        @Doc("The id of the configuration of field-level encryption; empty: none.") @EmptyIsNone
        String fieldLevelEncryptionId,

        @Doc("Whether the behavior delivers Microsoft Smooth Streaming.")
        Boolean smoothStreaming,

        @Doc("Whether gRPC requests are accepted.") GrpcRequests grpcConfig) {

    /** The behavior for all other paths. */
    public record DefaultBehavior(
            @Doc("The id of the origin or origin group that answers the requests.") @Required
            String targetOriginId,

            @Doc("Whether HTTP is allowed (allow-all), refused (https-only) or redirected (redirect-to-https).")
            @Required
            ViewerProtocolPolicy viewerProtocolPolicy,

            @Doc("The allowed HTTP methods; AWS's default is GET and HEAD.")
            BehaviorMethods allowedMethods,

            @Doc("Whether CloudFront compresses files for viewers that support compression.")
            Boolean compress,

            @Doc("The cache policy; required for a new distribution.") @Ref("CachePolicy")
            String cachePolicyId,

            @Doc("The policy for other parts of a request that are sent to the origin; empty: none.")
            @EmptyIsNone
            @Ref("OriginRequestPolicy")
            String originRequestPolicyId,

            @Doc("The policy for headers that are added to or removed from responses; empty: none.")
            @EmptyIsNone
            @Ref("ResponseHeadersPolicy")
            String responseHeadersPolicyId,

            @Doc("CloudFront functions, at most one for each event.") @Key("eventType")
            List<BehaviorFunction> functionAssociations,

            @Doc("Lambda@Edge functions, at most one for each event.") @Key("eventType")
            List<BehaviorLambda> lambdaFunctionAssociations,

            @Doc("The ids of key groups; a request must be signed with a key of one of them.")
            Set<String> trustedKeyGroups,

            @Doc("The ARN of the configuration of real-time logs; empty: none.") @EmptyIsNone
            String realtimeLogConfigArn,

            @Doc("The id of the configuration of field-level encryption; empty: none.") @EmptyIsNone
            String fieldLevelEncryptionId,

            @Doc("Whether the behavior delivers Microsoft Smooth Streaming.")
            Boolean smoothStreaming,

            @Doc("Whether gRPC requests are accepted.") GrpcRequests grpcConfig) {}

    public record BehaviorMethods(
            @Doc("The methods: GET and HEAD; GET, HEAD and OPTIONS; or all.") @Required
            Set<Method> items,

            @Doc("The methods whose responses are cached: GET and HEAD; or GET, HEAD and OPTIONS.")
            Set<Method> cachedMethods) {}

    public record BehaviorFunction(
            @Doc("The event that runs the function: viewer-request or viewer-response.") @Required
            EventType eventType,

            @Doc("The ARN of the published function.") @Required @Ref(value = "CloudFrontFunction", output = "arn")
            String functionARN) {}

    public record BehaviorLambda(
            @Doc("The event that runs the function: viewer-request, viewer-response, origin-request or"
                    + " origin-response.")
            @Required
            EventType eventType,

            @Doc("The ARN of a version of the function.") @Required
            String lambdaFunctionARN,

            @Doc("Whether the function receives the body of the request.")
            Boolean includeBody) {}

    public record GrpcRequests(
            @Doc("Whether gRPC requests are accepted.") @Required
            Boolean enabled) {}
}
