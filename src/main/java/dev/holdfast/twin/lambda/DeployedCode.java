package dev.holdfast.twin.lambda;

import static dev.holdfast.twin.lambda.TwinLambda.invalid;

import dev.holdfast.twin.s3.TwinS3;
import dev.holdfast.twin.store.Contents;
import dev.holdfast.twin.store.TwinContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.lambda.model.CreateFunctionRequest;
import software.amazon.awssdk.services.lambda.model.FunctionCode;
import software.amazon.awssdk.services.lambda.model.FunctionCodeLocation;
import software.amazon.awssdk.services.lambda.model.UpdateFunctionCodeRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/**
 * The code of a function: its hash and size, and its location as GetFunction returns it. The twin runs no code.
 *
 * @param sha256 the hash of a zip file in Base64, or the digest of an image
 */
record DeployedCode(String sha256, long size, FunctionCodeLocation location) {
    private static final Pattern IMAGE =
            Pattern.compile("\\d{12}\\.dkr\\.ecr(-fips)?\\.[a-z0-9-]+\\.amazonaws\\.com/[^:@]+([:@].+)?");

    static DeployedCode of(TwinContext context, CreateFunctionRequest request) {
        return of(context, request.code());
    }

    static DeployedCode of(TwinContext context, UpdateFunctionCodeRequest r) {
        return of(
                context,
                FunctionCode.builder()
                        .zipFile(r.zipFile())
                        .s3Bucket(r.s3Bucket())
                        .s3Key(r.s3Key())
                        .s3ObjectVersion(r.s3ObjectVersion())
                        .imageUri(r.imageUri())
                        .sourceKMSKeyArn(r.sourceKMSKeyArn())
                        .build());
    }

    private static DeployedCode of(TwinContext context, FunctionCode code) {
        if (code.imageUri() != null) {
            return image(code.imageUri());
        }
        SdkBytes bytes = code.zipFile() != null ? code.zipFile() : object(context, code);
        byte[] zip = bytes.asByteArrayUnsafe();
        if (zip.length < 22 || zip[0] != 'P' || zip[1] != 'K') {
            throw invalid("Could not unzip uploaded file. Please check your file, then try to upload again.");
        }
        return new DeployedCode(
                Base64.getEncoder().encodeToString(Contents.sha256(zip)),
                zip.length,
                FunctionCodeLocation.builder()
                        .repositoryType("S3")
                        .location("https://awslambda-" + context.region() + "-tasks.s3." + context.region()
                                + ".amazonaws.com/snapshots")
                        .sourceKMSKeyArn(code.sourceKMSKeyArn())
                        .build());
    }

    private static DeployedCode image(String uri) {
        if (!IMAGE.matcher(uri).matches()) {
            throw invalid("Source image " + uri + " is not valid. Provide a valid source image.");
        }
        int at = uri.indexOf("@sha256:");
        String digest = at >= 0
                ? uri.substring(at + "@sha256:".length())
                : Contents.sha256Hex(uri.getBytes(StandardCharsets.UTF_8));
        String repository = uri.replaceFirst("(@|:[^:/]+$).*", "");
        return new DeployedCode(
                digest,
                0,
                FunctionCodeLocation.builder()
                        .repositoryType("ECR")
                        .imageUri(uri)
                        .resolvedImageUri(repository + "@sha256:" + digest)
                        .build());
    }

    private static SdkBytes object(TwinContext context, FunctionCode code) {
        if (code.s3Bucket() == null || code.s3Key() == null) {
            throw invalid("Please provide a source for function code.");
        }
        GetObjectRequest request = GetObjectRequest.builder()
                .bucket(code.s3Bucket())
                .key(code.s3Key())
                .versionId(code.s3ObjectVersion())
                .build();
        try {
            return SdkBytes.fromByteArray(context.peer(TwinS3.class)
                    .getObject(request, ResponseTransformer.toBytes())
                    .asByteArray());
        } catch (AwsServiceException e) {
            throw invalid("Error occurred while GetObject. S3 Error Code: "
                    + e.awsErrorDetails().errorCode() + ". S3 Error Message: "
                    + e.awsErrorDetails().errorMessage());
        }
    }

    /** Whether the code is an image. The package type of the function must be the same. */
    boolean isImage() {
        return location.imageUri() != null;
    }

    /** Refuses code of another package type than the function has. */
    static void refuseOtherType(@Nullable DeployedCode old, DeployedCode code) {
        if (old != null && old.isImage() != code.isImage()) {
            throw invalid("Please provide a source for function code that fits the package type of the function.");
        }
    }
}
