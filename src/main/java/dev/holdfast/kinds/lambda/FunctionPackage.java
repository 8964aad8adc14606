package dev.holdfast.kinds.lambda;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Doc;
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
 * The code of a function. Lambda does not say from where in S3 it came, only its hash; so a hash says whether the function has
 * it, and the place only where it is taken from.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCode.html">FunctionCode</a>
 */
@OneOf({"imageUri", "s3Key", "zipFile"})
public record FunctionPackage(
        @Doc("An image in ECR.") @Image(resolution = "imageResolution") @Nullable
        String imageUri,

        @Doc("Whether the image's tag is replaced by the digest that it stands for, so that a new image is deployed:"
                + " Digest. Lambda itself takes the tag once.")
        @NotSent
        @InitialOnly
        @Nullable
        ImageResolution imageResolution,

        @Doc("The bucket of a zip file.") @InitialOnly @Nullable
        String s3Bucket,

        @Doc("The key of a zip file.") @InitialOnly @Needs({"s3Bucket", "codeSha256"}) @Nullable
        String s3Key,

        @Doc("The version of the object.") @InitialOnly @Needs("s3Key") @Nullable
        String s3ObjectVersion,

        @Doc("The files of a small function: their texts by name, such as index.py.") @NotSent @InitialOnly @Nullable
        Map<String, String> zipFile,

        @Doc("The SHA-256 hash of the zip file in Base64, as Lambda shows it: openssl dgst -sha256 -binary f.zip |"
                + " base64. The function is updated if its code has another hash.")
        @NotSent
        @Nullable
        String codeSha256,

        @Doc("The key by which Lambda encrypts the zip file that it keeps.") @Nullable
        String sourceKMSKeyArn) {
    public FunctionPackage {
        if (zipFile != null && codeSha256 == null && zipFile.values().stream().noneMatch(Unresolved::is)) {
            codeSha256 = InlineZip.sha256(zipFile);
        }
    }

    /** @param location where Lambda has the code; null: not read, a zip */
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
                location.sourceKMSKeyArn());
    }

    FunctionCode created() {
        FunctionCode.Builder code = Wire.fill(FunctionCode.builder(), this);
        return zipFile == null ? code.build() : code.zipFile(zip()).build();
    }

    private SdkBytes zip() {
        return SdkBytes.fromByteArray(InlineZip.of(Objects.requireNonNull(zipFile)));
    }

    /**
     * Lambda makes one update at a time. The configuration is the first, since new code may need it; the code follows when that
     * update has ended, for then it still differs.
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
