package dev.holdfast.twin.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

class RouterTest {
    private static final Router ROUTER = new Router(List.of(
            new ServiceModel(S3Client.class, S3Client.class),
            new ServiceModel(EcsClient.class, EcsClient.class),
            new ServiceModel(CloudWatchClient.class, CloudWatchClient.class),
            new ServiceModel(ElasticLoadBalancingV2Client.class, ElasticLoadBalancingV2Client.class)));

    @ParameterizedTest
    @CsvSource({
        "GET, /, ListBuckets",
        "GET, /?x-id=ListBuckets, ListBuckets",
        "PUT, /b, CreateBucket",
        "PUT, /b/, CreateBucket",
        "PUT, /b?tagging, PutBucketTagging",
        "PUT, /b?tagging=, PutBucketTagging",
        "GET, /b?list-type=2&prefix=x, ListObjectsV2",
        "GET, /b?prefix=x, ListObjects",
        "GET, /b?versions, ListObjectVersions",
        "PUT, /b/k, PutObject",
        "PUT, /b/k/l/, PutObject",
        "PUT, /b//k, PutObject",
        "PUT, /b/k?partNumber=1&uploadId=u, UploadPart",
        "GET, /b/k?versionId=3, GetObject",
        "HEAD, /b/k, HeadObject",
        "HEAD, /b, HeadBucket",
        "POST, /b?delete, DeleteObjects",
        "POST, /b/k?uploads, CreateMultipartUpload",
        "POST, /b/k?uploadId=u, CompleteMultipartUpload"
    })
    void findsTheOperationsOfS3ByPathAndQuery(String method, String uri, String operation) throws WireException {
        assertThat(route(method, uri, Map.of(), "s3", "").operation()).isEqualTo("s3:" + operation);
    }

    @Test
    void tellsACopyFromAPutByItsHeader() throws WireException {
        assertThat(route("PUT", "/b/k", Map.of("x-amz-copy-source", "/b/j"), "s3", "")
                        .operation())
                .isEqualTo("s3:CopyObject");
    }

    @Test
    void aSubResourceThatIsNotKnownIsNoObject() throws WireException {
        assertThat(route("PUT", "/b/k?novelty", Map.of(), "s3", ""))
                .isInstanceOfSatisfying(
                        Route.Nowhere.class,
                        n -> assertThat(n.why().statusCode()).isEqualTo(501));
    }

    @Test
    void keysKeepTheirSlashesAndPlusses() throws WireException {
        WireRequest request = request("GET", "/b//a+b%2Bc%20d/", Map.of(), "s3", "");

        GetObjectRequest read = (GetObjectRequest) RequestReader.read((Route.Matched) ROUTER.route(request), request);

        assertThat(read.bucket()).isEqualTo("b");
        assertThat(read.key()).isEqualTo("/a+b+c d/");
    }

    @Test
    void theProtocolBelongsToTheCall() throws WireException {
        Route query = route("POST", "/", FORM, "monitoring", "Action=DescribeAlarms&Version=2010-08-01");
        Route json = route(
                "POST", "/", Map.of("X-Amz-Target", "GraniteServiceVersion20100801.DescribeAlarms"), "monitoring", "");
        Route cbor = route(
                "POST",
                "/service/GraniteServiceVersion20100801/operation/DescribeAlarms",
                Map.of("smithy-protocol", "rpc-v2-cbor"),
                "monitoring",
                "");

        assertThat(List.of(query, json, cbor))
                .extracting(Route::protocol)
                .containsExactly(WireProtocol.QUERY, WireProtocol.JSON, WireProtocol.CBOR);
        assertThat(List.of(query, json, cbor)).extracting(Route::operation).containsOnly("cloudwatch:DescribeAlarms");
    }

    @Test
    void findsAnUnsignedCallByItsVersionOrTarget() throws WireException {
        assertThat(route("POST", "/", FORM, null, "Action=DescribeRules&Version=2015-12-01")
                        .operation())
                .isEqualTo("elasticloadbalancing:DescribeRules");
        assertThat(route(
                                "POST",
                                "/",
                                Map.of("X-Amz-Target", "AmazonEC2ContainerServiceV20141113.ListClusters"),
                                null,
                                "")
                        .operation())
                .isEqualTo("ecs:ListClusters");
    }

    @ParameterizedTest
    @CsvSource({
        "elasticloadbalancing, Action=DescribeLoadBalancers&Version=2012-06-01, 501,"
                + " elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing, Action=Nonsense&Version=2015-12-01, 400, elasticloadbalancing:Nonsense",
        "rds, Action=DescribeDBInstances&Version=2014-10-31, 501, rds:DescribeDBInstances"
    })
    void namesWhatItDoesNotHave(String service, String body, int status, String operation) throws WireException {
        // When
        Route route = route("POST", "/", FORM, service, body);

        // Then
        assertThat(route.operation()).isEqualTo(operation);
        AwsServiceException why = ((Route.Nowhere) route).why();
        assertThat(why.statusCode()).isEqualTo(status);
    }

    private static final Map<String, String> FORM = Map.of("Content-Type", "application/x-www-form-urlencoded");

    private static Route route(
            String method, String uri, Map<String, String> headers, @Nullable String service, String body)
            throws WireException {
        return ROUTER.route(request(method, uri, headers, service, body));
    }

    private static WireRequest request(
            String method, String uri, Map<String, String> headers, @Nullable String service, String body)
            throws WireException {
        Map<String, List<String>> all = new HashMap<>();
        headers.forEach((k, v) -> all.put(k, List.of(v)));
        if (service != null) {
            all.put(
                    "Authorization",
                    List.of("AWS4-HMAC-SHA256 Credential=key/20260102/eu-west-2/" + service
                            + "/aws4_request, SignedHeaders=host, Signature=0"));
        }
        int question = uri.indexOf('?');
        return WireRequest.read(
                method,
                question < 0 ? uri : uri.substring(0, question),
                question < 0 ? null : uri.substring(question + 1),
                all,
                body.getBytes(StandardCharsets.UTF_8));
    }
}
