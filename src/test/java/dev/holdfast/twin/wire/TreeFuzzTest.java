package dev.holdfast.twin.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/** Other clients than the SDK of this project send and read JSON and CBOR of any structure. */
class TreeFuzzTest {
    private static final long SEED = 7;

    static List<Supplier<SdkPojo>> builders() {
        return List.of(
                DescribeAlarmsResponse::builder,
                GetMetricDataResponse::builder,
                PutMetricAlarmRequest::builder,
                CreateServiceRequest::builder,
                DescribeServicesResponse::builder,
                GetSecretValueResponse::builder);
    }

    @ParameterizedTest
    @MethodSource("builders")
    void survivesJsonAndCbor(Supplier<SdkPojo> builder) throws WireException {
        RandomPojos random = new RandomPojos(SEED);
        for (int i = 0; i < 50; i++) {
            // Given
            SdkPojo pojo = random.fill(builder.get(), 5);

            // When
            Map<?, ?> json = Json.object(Json.bytes(TreeCodec.write(pojo, pojo.sdkFields(), false)));
            Map<?, ?> cbor = CborReader.object(CborWriter.bytes(TreeCodec.write(pojo, pojo.sdkFields(), true)));

            // Then
            assertThat(TreeCodec.read(builder.get(), json)).as("seed %d", SEED).isEqualTo(pojo);
            assertThat(TreeCodec.read(builder.get(), cbor)).as("seed %d", SEED).isEqualTo(pojo);
        }
    }
}
