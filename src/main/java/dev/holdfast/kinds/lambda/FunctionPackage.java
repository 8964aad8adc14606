package dev.holdfast.kinds.lambda;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.EmptyIsNone;
import dev.holdfast.kind.Image;
import dev.holdfast.kind.ImageResolution;
import dev.holdfast.kind.InitialOnly;
import dev.holdfast.kind.Needs;
import dev.holdfast.kind.NotSent;
import dev.holdfast.kind.OneOf;
import dev.holdfast.kind.Unresolved;
import dev.holdfast.kind.wire.Wire;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionCode;
import software.amazon.awssdk.services.lambda.model.FunctionCodeLocation;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.UpdateFunctionCodeRequest;

/**
 * The code of a function. Lambda reports only the hash of the code, not its place in S3. So the hash decides whether
 * the function has the code, and the place only tells where Lambda takes it from.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCode.html">FunctionCode</a>
 */
@OneOf({"imageUri", "s3Key", "zipFile"})
public record FunctionPackage(
        @Doc("The image in ECR.") @Image(resolution = "imageResolution") @Nullable
        String imageUri,

        @Doc("With Digest, Holdfast replaces the image's tag by the digest, so that a new image with this tag is"
                + " deployed. Lambda itself resolves the tag only once.")
        @NotSent
        @InitialOnly
        @Nullable
        ImageResolution imageResolution,

        @Doc("The bucket that contains the zip file.") @InitialOnly @Nullable
        String s3Bucket,

        @Doc("The key of the zip file in the bucket.") @InitialOnly @Needs({"s3Bucket", "codeSha256"}) @Nullable
        String s3Key,

        @Doc("The version of the zip file in the bucket.") @InitialOnly @Needs("s3Key") @Nullable
        String s3ObjectVersion,

        @Doc("The files of a small function: their texts by name, such as index.py.") @NotSent @InitialOnly @Nullable
        Map<String, String> zipFile,

        @Doc("The SHA-256 hash of the zip file in Base64, as Lambda shows it: openssl dgst -sha256 -binary f.zip |"
                + " base64. The function is updated if its code has another hash.")
        @NotSent
        @Nullable
        String codeSha256,

        @Doc("The KMS key with which Lambda encrypts its copy of the zip file; empty: Lambda's own key.")
        @EmptyIsNone
        @Nullable
        String sourceKMSKeyArn) {
    public FunctionPackage {
        if (zipFile != null && codeSha256 == null && zipFile.values().stream().noneMatch(Unresolved::is)) {
            codeSha256 = InlineZip.sha256(zipFile);
        }
    }

    /** @param location the place where Lambda keeps the code */
    static FunctionPackage of(FunctionConfiguration function, FunctionCodeLocation location) {
        boolean image = location.imageUri() != null;
        return new FunctionPackage(
                location.imageUri(),
                null,
                null,
                null,
                null,
                null,
                image ? null : function.codeSha256(),
                Objects.requireNonNullElse(location.sourceKMSKeyArn(), ""));
    }

    FunctionCode created() {
        FunctionCode.Builder code = Wire.fill(FunctionCode.builder(), this);
        return zipFile == null ? code.build() : code.zipFile(zip()).build();
    }

    private SdkBytes zip() {
        return SdkBytes.fromByteArray(InlineZip.of(Objects.requireNonNull(zipFile)));
    }

    /**
     * Lambda makes one update at a time. The configuration is updated first, because new code may need it. A later pass
     * updates the code, which then still differs.
     */
    static void update(LambdaClient lambda, Change<FunctionKind.Spec> change) {
        if (change.changed().stream().anyMatch(FunctionKind.CONFIGURATION::contains)) {
            return;
        }
        FunctionPackage code = Objects.requireNonNull(change.spec().code());
        UpdateFunctionCodeRequest.Builder request = Wire.fill(UpdateFunctionCodeRequest.builder(), code)
                .functionName(change.physicalId())
                .architectures(change.merged(FunctionKind.Spec::architectures));
        lambda.updateFunctionCode(
                code.zipFile() == null
                        ? request.build()
                        : request.zipFile(code.zip()).build());
    }
}
