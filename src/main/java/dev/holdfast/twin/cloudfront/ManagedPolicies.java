package dev.holdfast.twin.cloudfront;

import static dev.holdfast.twin.store.TwinErrors.error;

import dev.holdfast.aws.SdkShapes;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;

/**
 * The policies that AWS provides in every account, by id.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html">managed
 *     cache policies</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html">managed
 *     origin request policies</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html">managed
 *     response headers policies</a>
 */
enum ManagedPolicies {
    CACHE(
            "CachePolicy",
            "cache policy",
            Map.of(
                    "658327ea-f89d-4fab-a63d-7e88639e58f6", "Managed-CachingOptimized",
                    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "Managed-CachingDisabled",
                    "b2884449-e4de-46a7-ac36-70bc7f1ddd6d", "Managed-CachingOptimizedForUncompressedObjects",
                    "83da9c7e-98b4-4e11-a168-04f0df8e2c65", "UseOriginCacheControlHeaders",
                    "4cc15a8a-d715-48a4-82b8-cc0b614638fe", "UseOriginCacheControlHeaders-QueryStrings",
                    "2e54312d-136d-493c-8eb9-b001f22f67d2", "Managed-Amplify",
                    "08627262-05a9-4f76-9ded-b50ca2e3a84f", "Managed-Elemental-MediaPackage")),
    ORIGIN_REQUEST(
            "OriginRequestPolicy",
            "origin request policy",
            Map.of(
                    "216adef6-5c7f-47e4-b989-5492eafa07d3", "Managed-AllViewer",
                    "b689b0a8-53d0-40ab-baf2-68738e2966ac", "Managed-AllViewerExceptHostHeader",
                    "33f36d7e-f396-46d9-90e0-52428a34d9dc", "Managed-AllViewerAndCloudFrontHeaders-2022-06",
                    "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf", "Managed-CORS-S3Origin",
                    "59781a5b-3903-41f3-afcb-af62929ccde1", "Managed-CORS-CustomOrigin",
                    "acba4595-bd28-49b8-b9fe-13317c0390fa", "Managed-UserAgentRefererHeaders",
                    "775133bc-15f2-49f9-abea-afb2e0bf67d2", "Managed-Elemental-MediaTailor-PersonalizedManifests")),
    RESPONSE_HEADERS(
            "ResponseHeadersPolicy",
            "response headers policy",
            Map.of(
                    "60669652-455b-4ae9-85a4-c4c02393f86c", "Managed-SimpleCORS",
                    "5cc3b908-e619-4b99-88e5-2cf7f45965bd", "Managed-CORS-With-Preflight",
                    "67f7725c-6f97-4210-82d7-5512b31e9d03", "Managed-SecurityHeadersPolicy",
                    "e61eb60c-9c35-4d20-a928-2b84e02af89c", "Managed-CORS-and-SecurityHeadersPolicy",
                    "eaab4381-ed33-4a86-88ca-d9558dc6cd63", "Managed-CORS-with-preflight-and-SecurityHeadersPolicy"));

    /** The name of the type in error codes and in the member of a behavior. */
    final String code;

    final String words;
    private final Map<String, String> names;

    ManagedPolicies(String code, String words, Map<String, String> names) {
        this.code = code;
        this.words = words;
        this.names = names;
    }

    /** The type in an ARN and in the path of a request. */
    String path() {
        return words.replace(' ', '-');
    }

    AwsServiceException missing() {
        return error(404, "NoSuch" + code, "The specified " + words + " does not exist.");
    }

    /** The policy that a behavior names. */
    @Nullable
    String of(SdkPojo behavior) {
        return (String) SdkShapes.get(behavior, code + "Id");
    }

    boolean has(String id) {
        return names.containsKey(id);
    }
}
