package dev.holdfast.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.events.EventParser.ParsedMessage;
import dev.holdfast.model.ChangeAuthor;
import dev.holdfast.model.ChangeAuthor.IdentityType;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The records have the form that CloudTrail's user guide describes. */
class EventParserTest {
    private static final String ALICE = """
            {'type':'IAMUser','principalId':'AIDA1','arn':'arn:aws:iam::123456789012:user/alice','accountId':'123456789012',
             'accessKeyId':'AKIA','userName':'alice'}""";
    private static final String BOB = """
            {'type':'AssumedRole','principalId':'AROA1:bob@example.com',
             'arn':'arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_1/bob@example.com',
             'sessionContext':{'sessionIssuer':{'type':'Role','userName':'AWSReservedSSO_Admin_1'}}}""";

    private final EventParser parser = new EventParser(new AuthorReader(true));

    static String message(String identity, String rest) {
        return """
                {'version':'0','id':'1','detail-type':'AWS API Call via CloudTrail','source':'aws.ec2','account':'123456789012',
                 'time':'2026-11-30T10:00:02Z','region':'eu-west-2','resources':[],'detail':{'eventVersion':'1.11',
                 'userIdentity':%s,'eventTime':'2026-11-30T10:00:00Z','eventSource':'ec2.amazonaws.com',
                 'eventName':'AuthorizeSecurityGroupIngress','awsRegion':'eu-west-2','sourceIPAddress':'203.0.113.7',
                 'userAgent':'aws-cli/2.15.0 md/prompt#off','requestID':'r-1','eventID':'e-1','readOnly':false,
                 'requestParameters':{'groupId':'sg-1','ipPermissions':{'items':[{'ipProtocol':'tcp','fromPort':22}]}},
                 'responseElements':{'_return':true},
                 'recipientAccountId':'123456789012'%s}}""".formatted(identity, rest).replace('\'', '"');
    }

    private ChangeEvent event(String message) {
        assertThat(parser.read(message)).isInstanceOf(ParsedMessage.Changed.class);
        return ((ParsedMessage.Changed) parser.read(message)).event();
    }

    @Test
    void tellsTheCallTheIdsAndTheAuthor() {
        ChangeEvent event = event(message(ALICE, ""));
        assertThat(event.call()).isEqualTo("ec2:AuthorizeSecurityGroupIngress");
        assertThat(event.requestId()).isEqualTo("r-1");
        assertThat(event.texts()).contains("sg-1", "tcp");
        assertThat(event.by().inWords()).isEqualTo("alice (IAM user) through aws-cli from 203.0.113.7");
        assertThat(event.by().at()).isEqualTo("2026-11-30T10:00:00Z");
        assertThat(event.by().eventId()).isEqualTo("e-1");
    }

    @Test
    @DisplayName("The person behind an assumed role is the session, and the source identity comes before it")
    void tellsThePersonBehindARole() {
        ChangeAuthor bob = event(message(BOB, "")).by();
        assertThat(bob.who()).isEqualTo("bob@example.com");
        assertThat(bob.role()).isEqualTo("AWSReservedSSO_Admin_1");
        String chained = BOB.replace("'sessionContext':{", "'sessionContext':{'sourceIdentity':'bob',");
        assertThat(event(message(chained, "")).by().who()).isEqualTo("bob");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {'type':'Root','principalId':'123456789012','arn':'arn:aws:iam::123456789012:root'} | Root | the root user
            {'type':'AWSService','invokedBy':'ecs.application-autoscaling.amazonaws.com'} | AwsService | Application Auto Scaling
            {'type':'AWSService','invokedBy':'new.amazonaws.com'} | AwsService | new.amazonaws.com
            {'type':'FederatedUser','principalId':'1:carol','arn':'arn:aws:sts::1:federated-user/carol'} | Federated | carol
            {'type':'IdentityCenterUser','userName':'dan'} | Federated | dan
            {'type':'AWSAccount','accountId':'210987654321'} | AwsAccount | the account 210987654321
            {'type':'Unheard'} | Other | somebody unknown
            {} | Other | somebody unknown
            'text' | Other | somebody unknown
            """)
    void readsEveryIdentity(String identity, IdentityType type, String who) {
        ChangeAuthor by = event(message(identity, "")).by();
        assertThat(by.type()).isEqualTo(type);
        assertThat(by.who()).isEqualTo(who);
    }

    @ParameterizedTest
    @CsvSource({
        "APN/1.0 HashiCorp/1.0 Terraform/1.9,Terraform",
        "cloudformation.amazonaws.com,CloudFormation",
        "console.amazonaws.com,the AWS console",
        "aws-sdk-java/2.57.8 app/holdfast,Holdfast",
        "curl/8.5.0 (x86),curl/8.5.0",
    })
    void tellsThroughWhat(String agent, String tool) {
        assertThat(event(message(ALICE, "").replace("aws-cli/2.15.0 md/prompt#off", agent))
                        .by()
                        .through())
                .isEqualTo(tool);
    }

    @Test
    void aConsoleSessionIsTheConsoleWhateverTheAgent() {
        assertThat(event(message(ALICE, ",'sessionCredentialFromConsole':'true'"))
                        .by()
                        .through())
                .isEqualTo("the AWS console");
    }

    @Test
    @DisplayName("Failed calls and reads change nothing")
    void ignoresWhatChangesNothing() {
        assertThat(parser.read(message(ALICE, ",'errorCode':'Client.UnauthorizedOperation'")))
                .isInstanceOf(ParsedMessage.Ignored.class);
        assertThat(parser.read(message(ALICE, "").replace("\"readOnly\":false", "\"readOnly\":true")))
                .isInstanceOf(ParsedMessage.Ignored.class);
    }

    @Test
    @DisplayName("Lambda's calls carry a version in the trail")
    void leavesOutTheVersionOfACall() {
        String lambda = message(ALICE, "")
                .replace("ec2.amazonaws.com", "lambda.amazonaws.com")
                .replace("AuthorizeSecurityGroupIngress", "UpdateFunctionConfiguration20150331v2");
        assertThat(event(lambda).call()).isEqualTo("lambda:UpdateFunctionConfiguration");
    }

    @Test
    void hidesNamesAndAddressesWhereItMust() {
        EventParser hiding = new EventParser(new AuthorReader(false));
        ChangeAuthor by =
                ((ParsedMessage.Changed) hiding.read(message(BOB, ""))).event().by();
        assertThat(by.inWords()).isEqualTo("somebody (assumed role) through aws-cli");
        assertThat(by.toString())
                .doesNotContain("bob")
                .doesNotContain("203.0.113.7")
                .doesNotContain("SSO");
    }

    @Test
    @DisplayName("A name cannot carry control or direction characters to a terminal or a page")
    void cleansNames() {
        ChangeAuthor by = event(message(ALICE.replace("'alice'", "'al\\u001b[31mice\\u202e'"), ""))
                .by();
        assertThat(by.who()).isEqualTo("al?[31mice?");
        assertThat(event(message(ALICE.replace("'alice'", "'" + "x".repeat(5000) + "'"), ""))
                        .by()
                        .who())
                .hasSize(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{\"detail-type\":1}",
                "{\"detail-type\":\"AWS API Call via CloudTrail\",\"detail\":{}}",
                "<xml/>"
            })
    void saysWhyAMessageIsNoEvent(String body) {
        assertThat(parser.read(body)).isInstanceOf(ParsedMessage.UnreadableMessage.class);
    }

    @Test
    void aDeepOrALongMessageIsUnreadableAndNotAFault() {
        assertThat(parser.read("[".repeat(10_000))).isInstanceOf(ParsedMessage.UnreadableMessage.class);
        assertThat(parser.read("x".repeat(2_000_000))).isInstanceOf(ParsedMessage.UnreadableMessage.class);
    }

    @Test
    @DisplayName("Every text gives a result, whatever is cut out of or put into a message")
    void isTotal() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String whole = message(BOB, "");
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(whole);
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
                    case 1 -> text.insert(at, "\"{}[],:1ex\\".charAt(random.nextInt(11)));
                    default -> text.setCharAt(at, (char) random.nextInt(0x3000));
                }
                if (text.isEmpty()) {
                    break;
                }
            }
            assertThat(parser.read(text.toString()))
                    .as("seed %d, text %s", seed, text)
                    .isNotNull();
        }
    }
}
