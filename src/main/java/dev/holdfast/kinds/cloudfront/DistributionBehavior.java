package dev.holdfast.kinds.cloudfront;

import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Key;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Required;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.cloudfront.model.EventType;
import software.amazon.awssdk.services.cloudfront.model.Method;
import software.amazon.awssdk.services.cloudfront.model.ViewerProtocolPolicy;

/**
 * What a distribution does with requests for some paths.
 *
 * @see <a href="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CacheBehavior.html">CacheBehavior</a>
 */
public record DistributionBehavior(
        @Doc("The paths, such as /media/*.") @Required String pathPattern,

        @Doc("The id of the origin or of the group of origins.") @Required
        String targetOriginId,

        @Doc("Whether HTTP is allowed, refused or redirected.") @Required
        ViewerProtocolPolicy viewerProtocolPolicy,

        @Doc("Methods; AWS's default is GET and HEAD.") BehaviorMethods allowedMethods,

        @Doc("Whether files are compressed for viewers that take it.")
        Boolean compress,

        @Doc("What makes up the key of the cache, and how long things are kept; a new distribution needs it.")
        @Ref("CachePolicy")
        String cachePolicyId,

        @Doc("What else of a request goes to the origin; empty: nothing.") @Ref("OriginRequestPolicy")
        String originRequestPolicyId,

        @Doc("Headers that are added to responses, or taken off; empty: none.") @Ref("ResponseHeadersPolicy")
        String responseHeadersPolicyId,

        @Doc("Functions of CloudFront, one for each event.") @Key("eventType")
        List<BehaviorFunction> functionAssociations,

        @Doc("Functions of Lambda@Edge, one for each event.") @Key("eventType")
        List<BehaviorLambda> lambdaFunctionAssociations,

        @Doc("Groups of keys, one of which a request has to be signed with.")
        Set<String> trustedKeyGroups,

        @Doc("The configuration of real-time logs.") String realtimeLogConfigArn,

        @Doc("The configuration by which single fields are encrypted; empty: none.")
        String fieldLevelEncryptionId,

        @Doc("Whether it delivers Microsoft Smooth Streaming.")
        Boolean smoothStreaming,

        @Doc("Whether requests of gRPC are taken.") GrpcRequests grpcConfig) {

    /** The same for all other paths. */
    public record DefaultBehavior(
            @Doc("The id of the origin or of the group of origins.") @Required
            String targetOriginId,

            @Doc("Whether HTTP is allowed, refused or redirected.") @Required
            ViewerProtocolPolicy viewerProtocolPolicy,

            @Doc("Methods; AWS's default is GET and HEAD.") BehaviorMethods allowedMethods,

            @Doc("Whether files are compressed for viewers that take it.")
            Boolean compress,

            @Doc("What makes up the key of the cache, and how long things are kept; a new distribution needs it.")
            @Ref("CachePolicy")
            String cachePolicyId,

            @Doc("What else of a request goes to the origin; empty: nothing.") @Ref("OriginRequestPolicy")
            String originRequestPolicyId,

            @Doc("Headers that are added to responses, or taken off; empty: none.") @Ref("ResponseHeadersPolicy")
            String responseHeadersPolicyId,

            @Doc("Functions of CloudFront, one for each event.") @Key("eventType")
            List<BehaviorFunction> functionAssociations,

            @Doc("Functions of Lambda@Edge, one for each event.") @Key("eventType")
            List<BehaviorLambda> lambdaFunctionAssociations,

            @Doc("Groups of keys, one of which a request has to be signed with.")
            Set<String> trustedKeyGroups,

            @Doc("The configuration of real-time logs.") String realtimeLogConfigArn,

            @Doc("The configuration by which single fields are encrypted; empty: none.")
            String fieldLevelEncryptionId,

            @Doc("Whether it delivers Microsoft Smooth Streaming.")
            Boolean smoothStreaming,

            @Doc("Whether requests of gRPC are taken.") GrpcRequests grpcConfig) {}

    public record BehaviorMethods(
            @Doc("GET and HEAD; these and OPTIONS; or all.") @Required
            Set<Method> items,

            @Doc("Whose responses are kept: GET and HEAD, or these and OPTIONS.")
            Set<Method> cachedMethods) {}

    public record BehaviorFunction(
            @Doc("viewer-request or viewer-response.") @Required
            EventType eventType,

            @Doc("The function, published.") @Required @Ref(value = "CloudFrontFunction", output = "arn")
            String functionARN) {}

    public record BehaviorLambda(
            @Doc("viewer-request, viewer-response, origin-request or origin-response.") @Required
            EventType eventType,

            @Doc("A version of the function, by its ARN.") @Required
            String lambdaFunctionARN,

            @Doc("Whether it gets the body of the request.") Boolean includeBody) {}

    public record GrpcRequests(
            @Doc("Whether they are taken.") @Required Boolean enabled) {}
}
