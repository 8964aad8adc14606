package dev.holdfast.twin.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogGroupsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVpcsRequest;
import software.amazon.awssdk.services.iam.model.TagRoleRequest;
import software.amazon.awssdk.services.iam.model.UpdateAssumeRolePolicyRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketConfiguration;
import software.amazon.awssdk.services.s3.model.Tagging;

class CodecTest {
    @Test
    void readsTheListsOfEc2AndOfQueryByOneRule() throws WireException {
        assertThat(form(DescribeVpcsRequest.builder(), "Filter.1.Name=tag:a&Filter.1.Value.2=y&Filter.1.Value.1=x"))
                .isEqualTo(DescribeVpcsRequest.builder()
                        .filters(f -> f.name("tag:a").values("x", "y"))
                        .build());
        assertThat(form(TagRoleRequest.builder(), "RoleName=r&Tags.member.1.Key=k&Tags.member.1.Value="))
                .isEqualTo(TagRoleRequest.builder()
                        .roleName("r")
                        .tags(t -> t.key("k").value(""))
                        .build());
    }

    @Test
    void readsTenAfterNineAndAnEmptyListAsEmpty() throws WireException {
        DescribeVpcsRequest ten =
                (DescribeVpcsRequest) form(DescribeVpcsRequest.builder(), "VpcId.10=j&VpcId.9=i&VpcId.1=a");
        DescribeVpcsRequest none = (DescribeVpcsRequest) form(DescribeVpcsRequest.builder(), "VpcId=");

        assertThat(ten.vpcIds()).containsExactly("a", "i", "j");
        assertThat(none.hasVpcIds()).isTrue();
        assertThat(none.vpcIds()).isEmpty();
    }

    @Test
    void refusesMembersThatThisSdkDoesNotKnow() {
        assertThatThrownBy(() -> form(DescribeVpcsRequest.builder(), "Novelty.1.X=1"))
                .isInstanceOf(WireException.class)
                .hasMessage("the SDK of the twin knows no member Novelty of DescribeVpcsRequest");
        assertThatThrownBy(() ->
                        TreeCodec.read(DescribeLogGroupsRequest.builder(), java.util.Map.of("novelty", List.of())))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("novelty");
        assertThatThrownBy(() -> XmlReader.read(
                        Tagging.builder(), XmlReader.parse("<T><Novelty/></T>".getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("Novelty");
    }

    @Test
    void refusesAValueOfTheWrongType() {
        assertThatThrownBy(() -> form(DescribeVpcsRequest.builder(), "MaxResults=many"))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("MaxResults");
        assertThatThrownBy(() -> form(DescribeVpcsRequest.builder(), "DryRun=perhaps"))
                .isInstanceOf(WireException.class);
        assertThatThrownBy(() -> form(UpdateAssumeRolePolicyRequest.builder(), "RoleName.1=x"))
                .isInstanceOf(WireException.class);
        assertThatThrownBy(
                        () -> TreeCodec.read(DescribeLogGroupsRequest.builder(), java.util.Map.of("limit", List.of())))
                .isInstanceOf(WireException.class);
    }

    @Test
    void readsXml() throws WireException {
        String tagging = "<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet>"
                + "<Tag><Key>k</Key><Value>a &amp; b</Value></Tag><Tag><Key>l</Key><Value/></Tag></TagSet></Tagging>";

        assertThat(xml(Tagging.builder(), tagging))
                .isEqualTo(Tagging.builder()
                        .tagSet(t -> t.key("k").value("a & b"), t -> t.key("l").value(""))
                        .build());
    }

    @Test
    void refusesXmlThatIsNoneOrReachesOut() {
        assertThatThrownBy(() -> xml(CreateBucketConfiguration.builder(), "<a>"))
                .isInstanceOf(WireException.class);
        assertThatThrownBy(() -> xml(
                        CreateBucketConfiguration.builder(),
                        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>"))
                .isInstanceOf(WireException.class);
    }

    @Test
    void writesAnEmptyListAndLeavesOutAnAbsentOne() {
        assertThat(written(
                        DescribeAlarmsResponse.builder().metricAlarms(List.of()).build()))
                .endsWith("<r><MetricAlarms></MetricAlarms></r>");
        assertThat(written(DescribeAlarmsResponse.builder().build())).endsWith("<r></r>");
    }

    @Test
    void escapes() {
        assertThat(written(
                        DescribeAlarmsResponse.builder().nextToken("<&>\"\r\n").build()))
                .endsWith("<NextToken>&lt;&amp;&gt;&quot;&#xD;\n</NextToken></r>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1767323045",
                "1767323045.000",
                "1.767323045E9",
                "2026-01-02T03:04:05Z",
                "2026-01-02T04:04:05+01:00",
                "Fri, 02 Jan 2026 03:04:05 GMT"
            })
    void readsATimeInAnyOfItsForms(String text) {
        assertThat(Scalars.instant(text)).isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
    }

    private static Object form(SdkPojo builder, String text) throws WireException {
        FormReader.Node form = new FormReader.Node();
        WireRequest.parameters(text, form::put);
        return FormReader.read(builder, form);
    }

    private static Object xml(SdkPojo builder, String text) throws WireException {
        return XmlReader.read(builder, XmlReader.parse(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String written(SdkPojo pojo) {
        return new String(
                new XmlWriter()
                        .root("r", null, x -> x.members(pojo, pojo.sdkFields()))
                        .bytes(),
                StandardCharsets.UTF_8);
    }
}
