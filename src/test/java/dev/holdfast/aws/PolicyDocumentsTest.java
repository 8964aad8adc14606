package dev.holdfast.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.kind.Unresolved;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyDocumentsTest {
    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static JsonNode canonical(String text) {
        return PolicyDocuments.canonical(json(text));
    }

    private static String withStatement(String statement) {
        return "{'Version':'2012-10-17','Statement':" + statement + "}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'Action':'s3:GetObject'} | {'Action':['s3:GetObject']}",
                "{'Action':['a:B','a:C']} | {'Action':['a:C','a:B','a:B']}",
                "{'Action':'s3:GetObject'} | {'Action':'S3:getobject'}",
                "{'NotAction':['a:B','a:C']} | {'NotAction':['A:c','A:b']}",
                "{'Resource':['x','y']} | {'Resource':['y','x','y']}",
                "{'NotResource':'x'} | {'NotResource':['x']}",
                "{'Principal':'*'} | {'Principal':{'AWS':'*'}}",
                "{'Principal':'*'} | {'Principal':{'AWS':['*']}}",
                "{'Principal':{'AWS':'123456789012'}} | {'Principal':{'AWS':'arn:aws:iam::123456789012:root'}}",
                "{'Principal':{'AWS':'123456789012'}} | {'Principal':{'AWS':['arn:aws-cn:iam::123456789012:root']}}",
                "{'Principal':{'AWS':123456789012}} | {'Principal':{'AWS':'123456789012'}}",
                "{'Principal':{'Service':['a.amazonaws.com','b.amazonaws.com']}} |"
                        + " {'Principal':{'Service':['b.amazonaws.com','a.amazonaws.com']}}",
                "{'Condition':{'Bool':{'aws:SecureTransport':true}}} |"
                        + " {'Condition':{'Bool':{'aws:SecureTransport':'true'}}}",
                "{'Condition':{'NumericLessThan':{'aws:MultiFactorAuthAge':3600}}} |"
                        + " {'Condition':{'NumericLessThan':{'aws:multifactorauthage':['3600']}}}",
                "{'Condition':{'StringEquals':{'k':['a','b']}}} | {'Condition':{'StringEquals':{'k':['b','a','a']}}}",
                "{'Sid':'','Effect':'Allow'} | {'Effect':'Allow'}",
                "[{'Sid':'A'},{'Sid':'B'}] | [{'Sid':'B'},{'Sid':'A'}]",
                "{'Sid':'A'} | [{'Sid':'A'}]",
            })
    void meansTheSame(String one, String other) {
        assertThat(canonical(withStatement(one))).isEqualTo(canonical(withStatement(other)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'Resource':'arn:aws:s3:::A'} | {'Resource':'arn:aws:s3:::a'}",
                "{'Principal':{'AWS':'AIDAEXAMPLE'}} | {'Principal':{'AWS':'arn:aws:iam::123456789012:user/u'}}",
                "{'Principal':{'AWS':'123456789012'}} | {'Principal':{'AWS':'arn:aws:iam::123456789012:role/root'}}",
                "{'Principal':{'AWS':'*'}} | {'Principal':{'Service':'*'}}",
                "{'Sid':'A'} | {'Sid':'B'}",
                "{'Effect':'Allow'} | {'Effect':'Deny'}",
                "{'Action':'a:B'} | {'NotAction':'a:B'}",
                "{'Condition':{'StringEquals':{'k':'a'}}} | {'Condition':{'StringLike':{'k':'a'}}}",
                "{'Condition':{'StringEquals':{'k':'A'}}} | {'Condition':{'StringEquals':{'k':'a'}}}",
                "[{'Sid':'A'},{'Sid':'B'}] | [{'Sid':'A'}]",
            })
    void meansSomethingElse(String one, String other) {
        assertThat(canonical(withStatement(one))).isNotEqualTo(canonical(withStatement(other)));
    }

    @Test
    void aVersionThatIsNotThereIsTheOldest() {
        assertThat(canonical("{'Version':'2008-10-17','Statement':[]}")).isEqualTo(canonical("{'Statement':[]}"));
        assertThat(canonical("{'Version':'2012-10-17','Statement':[]}")).isNotEqualTo(canonical("{'Statement':[]}"));
    }

    @Test
    void canonicalisingTwiceChangesNothing() {
        JsonNode once = canonical(withStatement("{'Action':['b:X','a:Y'],'Principal':'*','Resource':'*'}"));
        assertThat(PolicyDocuments.canonical(once)).isEqualTo(once);
        assertThat(PolicyDocuments.canonical(once)).hasToString(once.toString());
    }

    @Test
    void whatIsNotKnownYetStaysAsItIs() {
        String mark = Unresolved.of("Bucket/Media.arn");
        TextNode whole = TextNode.valueOf(mark);
        assertThat(PolicyDocuments.canonical(whole)).isEqualTo(whole);
        assertThat(canonical(withStatement("{'Action':'" + mark + "','Resource':['" + mark + "/*','b']}"))
                        .at("/Statement/0"))
                .isEqualTo(json("{'Action':['" + mark + "'],'Resource':['b','" + mark + "/*']}"));
        assertThat(canonical(withStatement("'" + mark + "'")).at("/Statement/0").textValue())
                .isEqualTo(mark);
    }

    @Test
    void textThatHoldsAPolicyIsThatPolicy() {
        String text = "{\"Statement\":{\"Action\":\"a:B\"}}";
        assertThat(PolicyDocuments.canonical(TextNode.valueOf(text)))
                .isEqualTo(PolicyDocuments.canonical(PolicyDocuments.parse(text)));
        assertThat(PolicyDocuments.canonical(null)).isEqualTo(NullNode.instance);
    }

    @Test
    void readsWhatIamPercentEncodes() {
        assertThat(PolicyDocuments.parse("%7B%22Sid%22%3A%22a+b%20c%22%7D")).isEqualTo(json("{'Sid':'a+b c'}"));
        assertThat(PolicyDocuments.parse("not json")).isEqualTo(TextNode.valueOf("not json"));
    }

    @Test
    void sendsCompactText() {
        assertThat(PolicyDocuments.text(json("{ 'Action' : 's3:GetObject' }")))
                .isEqualTo("{\"Action\":\"s3:GetObject\"}");
        assertThat(PolicyDocuments.text(null)).isNull();
    }
}
