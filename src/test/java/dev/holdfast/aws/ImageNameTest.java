package dev.holdfast.aws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNameTest {
    @Test
    void readsWhereAnImageIs() {
        ImageName image = ImageName.parse("123456789012.dkr.ecr.eu-west-2.amazonaws.com/team/api:1.4.0");

        assertThat(image)
                .isEqualTo(new ImageName(
                        "123456789012.dkr.ecr.eu-west-2.amazonaws.com",
                        "123456789012",
                        "eu-west-2",
                        "team/api",
                        "1.4.0"));
        assertThat(image.at("sha256:0a")).isEqualTo("123456789012.dkr.ecr.eu-west-2.amazonaws.com/team/api@sha256:0a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/api",
                "123456789012.dkr-ecr.eu-west-2.on.aws/api",
                "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/api"
            })
    void withoutATagItIsLatest(String image) {
        assertThat(ImageName.parse(image))
                .isNotNull()
                .extracting(ImageName::tag)
                .isEqualTo("latest");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nginx:1",
                "public.ecr.aws/nginx/nginx:1",
                "123456789012.dkr.ecr.eu-west-2.amazonaws.com/api@sha256:0a",
                "123456789012.dkr.ecr.eu-west-2.amazonaws.com/api:1@sha256:0a"
            })
    void anythingElseHasNoTagInEcr(String image) {
        assertThat(ImageName.parse(image)).isNull();
    }
}
