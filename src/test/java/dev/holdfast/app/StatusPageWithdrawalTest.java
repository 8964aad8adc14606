package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpPermission;

/** The page offers to withdraw access although a resource that may use the access is not ready. */
@QuarkusTest
class StatusPageWithdrawalTest extends ApplicationCase {
    private static final String FAST = "'interval':'PT3S',";

    /** An alarm that depends on the group, so that it counts as a user of the group's access. */
    private static final String USER = """
        {'apiVersion':'holdfast.dev/v1','kind':'Alarm','metadata':{'name':'user','dependsOn':['SecurityGroup/web']},'spec':{
         'alarmName':'user','namespace':'AWS/ECS','metricName':'CPUUtilization','statistic':'Average','period':60,
         'evaluationPeriods':5,'threshold':85,'comparisonOperator':'GreaterThanThreshold'}}
        """;

    private static PageWorld admitting(PageWorld world, int port) {
        return world.stack(
                "shop", FAST, PageWorld.vpc(), PageWorld.group("web").replace("443", String.valueOf(port)), USER);
    }

    private static List<Integer> open(PageWorld world) {
        return world.aws(Ec2Client.class).describeSecurityGroups().securityGroups().stream()
                .filter(group -> !group.groupName().equals("default"))
                .flatMap(group -> group.ipPermissions().stream())
                .map(IpPermission::fromPort)
                .sorted()
                .toList();
    }

    @Test
    void aConfirmationNamesTheAccessAndItsUserAndWithdrawsTheAccess() {
        Browser.required();
        try (PageWorld world = admitting(new PageWorld(parts, 1000), 443);
                Browser browser = Browser.start(root, world.profile())) {
            TwinFaultRule denial = TwinFaultRule.on("cloudwatch:PutMetricAlarm", new TwinFault.Deny());
            world.faults().add(denial);
            daemonWorksFor(world, world::operator, true);
            browser.open("#/shop")
                    .until("the group", b -> b.all("tbody td .good").size() == 2);
            admitting(world, 8443);

            browser.go("#/shop/plan").says("Access in use");
            assertThat(open(world)).containsExactly(443, 8443);
            assertThat(browser.text()).as("it is not a held step").doesNotContain("waits for a person");
            browser.press("Withdraw now…").one("#modal[open]");

            assertThat(browser.focused().getAttribute("id")).isEqualTo("dialog-title");
            assertThat(browser.one("#modal").getText())
                    .contains("SecurityGroup/web", "Alarm/user may still use", "tcp 443 from 0.0.0.0/0")
                    .doesNotContain("8443");
            browser.run(StatusPageCase.axe());
            for (String theme : List.of("dark", "light")) {
                browser.screen(1280, 900, theme);
                assertThat(StatusPageCase.violations(browser)).as(theme).isEqualTo("");
            }
            browser.press("Cancel")
                    .until("the page alone", b -> b.all("#modal[open]").isEmpty());
            assertThat(open(world)).containsExactly(443, 8443);

            browser.go("#/shop/plan/SecurityGroup/web").one("#drawer[open]");
            browser.press("Withdraw now…").one("#modal[open]");
            browser.one("#modal button.danger").click();

            browser.says("1 step approved").until("the group", b -> open(world).equals(List.of(8443)));
            assertThat(browser.console()).isEmpty();
            daemon.stop(new ShutdownEvent());
        }
    }
}
