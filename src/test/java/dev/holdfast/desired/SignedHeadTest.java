package dev.holdfast.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.desired.SignatureCheck.SignatureState;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.Guardrails;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.PublishingRules;
import dev.holdfast.model.Revision;
import dev.holdfast.model.TestGuardrails;
import dev.holdfast.model.TrustedKey;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A signature is valid for exactly one commit of one stack at one location. */
class SignedHeadTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
    private static final String HEAD = "stacks/test/HEAD.json";
    private static final TestSigner CI = TestSigner.of("Ed25519");
    private static final TestSigner STRANGER = TestSigner.of("Ed25519");

    private final MemoryStore store = new MemoryStore();

    private static Revision revision(String stack, String name) {
        LoadResult loaded = new DesiredCompiler(TestKinds.all())
                .compile(Map.of(
                        stack + "/stack.json",
                        bytes("{'apiVersion':'holdfast.dev/v1','kind':'Stack','metadata':{'name':'" + stack
                                + "'},'spec':{'account':'123456789012','region':'eu-west-2','include':['docs.json']}}"),
                        stack + "/docs.json",
                        bytes("[{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'a'},'spec':{"
                                + "'logGroupName':'/" + name + "'}}]")))
                .get(stack);
        return ((LoadResult.ValidRevision) Objects.requireNonNull(loaded)).revision();
    }

    private static byte[] bytes(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static GuardrailsState requiring(TrustedKey... keys) {
        return TestGuardrails.publishing(rules(keys));
    }

    private static PublishingRules rules(TrustedKey... keys) {
        return new PublishingRules(true, List.of(keys), false);
    }

    private Head publish(Revision revision, HeadSigner by) {
        return Publisher.publish(store, revision, new Publisher.Commit("ann", "first", "c0ffee"), by, CLOCK);
    }

    private LoadResult read(String stack, GuardrailsState guardrails) {
        return new GuardedSource(new PublishedSource(store, TestKinds.all()), () -> guardrails, TestKinds.all())
                .read(stack);
    }

    private String refusal(String stack, GuardrailsState guardrails) {
        LoadResult loaded = read(stack, guardrails);
        assertThat(loaded).isInstanceOf(LoadResult.RefusedRevision.class);
        return ((LoadResult.RefusedRevision) loaded).problems().toString();
    }

    private String head() {
        return new String(Objects.requireNonNull(store.get(HEAD)).content(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ed25519", "secp256r1", "secp384r1", "RSA2048"})
    void whatAListedKeyHasSignedIsEnforced(String kind) {
        TestSigner signer = TestSigner.of(kind);

        Head head = publish(revision("test", "a"), signer);

        assertThat(head.signature()).isNotNull();
        assertThat(read("test", requiring(STRANGER.named("other"), signer.named("ci"))))
                .isInstanceOfSatisfying(
                        LoadResult.ValidRevision.class,
                        valid -> assertThat(SignatureCheck.of(
                                        rules(signer.named("ci")), valid.revision(), valid.published()))
                                .isEqualTo(new SignatureState.Verified("ci")));
    }

    @Test
    void whatNobodyHasSignedIsRefused() {
        Publisher.publish(store, revision("test", "a"), "ann", "first", null, CLOCK);

        assertThat(refusal("test", requiring(CI.named("ci")))).contains("commit 1 is not signed", "publish --sign");
        assertThat(read("test", GuardrailsState.NONE)).isInstanceOf(LoadResult.ValidRevision.class);
    }

    @Test
    void whatAnotherKeyHasSignedIsRefusedAndTheKeyIsNamed() {
        publish(revision("test", "a"), STRANGER);

        assertThat(refusal("test", requiring(CI.named("ci"))))
                .contains(TrustedKey.fingerprint(STRANGER.publicKey()), "none of the guardrails' keys (ci)");
    }

    @Test
    void oneWhoClaimsToBeAListedKeyIsRefused() {
        publish(revision("test", "a"), STRANGER);
        store.put(
                HEAD,
                bytes(head().replace(
                                TrustedKey.fingerprint(STRANGER.publicKey()), TrustedKey.fingerprint(CI.publicKey()))));

        assertThat(refusal("test", requiring(CI.named("ci")))).contains("does not verify with the key ci");
    }

    @ParameterizedTest
    @CsvSource({
        "\"author\" : \"ann\", \"author\" : \"bob\"",
        "\"message\" : \"first\", \"message\" : \"other\"",
        "\"commit\" : \"c0ffee\", \"commit\" : \"c0ffef\"",
        "\"commit\" : \"c0ffee\", \"commit\" : null",
        "\"number\" : 1, \"number\" : 2",
        "\"previous\" : null, \"previous\" : \"x\"",
        "03:04:05, 03:04:06",
        "\"value\" : \", \"value\" : \"AAAA"
    })
    void eachWordOfASignedHeadIsCovered(String from, String to) {
        publish(revision("test", "a"), CI);
        assertThat(read("test", requiring(CI.named("ci")))).isInstanceOf(LoadResult.ValidRevision.class);

        String changed = head().replace(from, to);
        assertThat(changed).isNotEqualTo(head());
        store.put(HEAD, changed.getBytes(StandardCharsets.UTF_8));

        assertThat(refusal("test", requiring(CI.named("ci")))).contains("was changed after it was signed");
    }

    @Test
    void aSignedHeadIsNoneForAnotherRevision() {
        Head signed = publish(revision("test", "a"), CI);
        Revision other = revision("test", "b");
        Publisher.publish(store, other, "bob", "b", null, CLOCK);

        store.put(HEAD, signed.write().clone());
        assertThat(read("test", requiring(CI.named("ci")))).isInstanceOf(LoadResult.ValidRevision.class);
        store.put(
                HEAD,
                new String(signed.write(), StandardCharsets.UTF_8)
                        .replace(signed.revision(), other.sha256())
                        .getBytes(StandardCharsets.UTF_8));

        assertThat(refusal("test", requiring(CI.named("ci")))).contains("does not verify with the key ci");
    }

    @Test
    void aSignedHeadIsNoneForAnotherStackOrPlace() {
        Revision revision = revision("test", "a");
        Head signed = publish(revision, CI);
        Revision elsewhere = revision("other", "a");
        PublishingRules keys = rules(CI.named("ci"));

        assertThat(SignatureCheck.of(keys, revision, new Publication(store.location(), signed)))
                .isInstanceOf(SignatureState.Verified.class);
        assertThat(SignatureCheck.of(keys, revision, new Publication("s3://another/prefix/", signed)))
                .isInstanceOf(SignatureState.Unverified.class);
        assertThat(HeadSignature.content(store.location(), "test", signed))
                .isNotEqualTo(HeadSignature.content(store.location(), "other", signed));
        assertThat(SignatureCheck.of(keys, elsewhere, new Publication(store.location(), signed)))
                .isInstanceOf(SignatureState.Unverified.class);
    }

    /** The bytes that are signed are a contract: an older operator has to verify the signature of a newer one. */
    @Test
    void theSignedBytesStayTheSame() {
        Head head = new Head(
                "ab".repeat(32), null, 7, "ann", "ü\nauthor:3:bob", null, Instant.parse("2026-01-02T03:04:05Z"), null);

        assertThat(new String(HeadSignature.content("s3://b/p/", "prod", head), StandardCharsets.UTF_8))
                .isEqualTo("holdfast.dev/v1 head sha256:"
                        + RevisionCodec.sha256(("location:9:s3://b/p/\nstack:4:prod\nrevision:64:" + "ab".repeat(32)
                                        + "\nprevious:-:\nnumber:1:7\nauthor:3:ann\nmessage:14:ü\nauthor:3:bob\n"
                                        + "commit:-:\ntime:20:2026-01-02T03:04:05Z\n")
                                .getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatIsPublishedAlreadyIsPublishedAgainToBeSigned() {
        Revision revision = revision("test", "a");
        Head unsigned = Publisher.publish(store, revision, "ann", "first", null, CLOCK);
        Head signed = publish(revision, CI);

        assertThat(signed.number()).isEqualTo(unsigned.number() + 1);
        assertThat(publish(revision, CI)).isEqualTo(signed);
        assertThat(publish(revision, STRANGER).number()).isEqualTo(signed.number() + 1);
    }

    @Test
    void aDirectoryCannotBeSigned() {
        assertThat(GuardedSource.guarded(
                        new LoadResult.ValidRevision(revision("test", "a")),
                        requiring(CI.named("ci")),
                        TestKinds.all()))
                .isInstanceOfSatisfying(
                        LoadResult.RefusedRevision.class,
                        refused -> assertThat(refused.problems().toString())
                                .contains("a directory or a synced prefix cannot be signed"));
        assertThat(GuardedSource.guarded(
                        new LoadResult.ValidRevision(revision("test", "a")),
                        requiring(CI.named("ci")).ofDrafts(),
                        TestKinds.all()))
                .isInstanceOf(LoadResult.ValidRevision.class);
    }

    @Test
    void aSignerThatSignsSomethingElsePublishesNothing() {
        HeadSigner broken = new HeadSigner() {
            @Override
            public java.security.PublicKey publicKey() {
                return CI.publicKey();
            }

            @Override
            public byte[] sign(byte[] content) {
                return STRANGER.sign(content);
            }
        };

        assertThatThrownBy(() -> publish(revision("test", "a"), broken)).isInstanceOf(IllegalStateException.class);
        assertThat(store.get(HEAD)).isNull();
    }

    private static String guardrails(String spec) {
        return "{'apiVersion':'holdfast.dev/v1','kind':'Guardrails','spec':{" + spec + "}}";
    }

    private static String key(String name, TestSigner signer) {
        return "{'name':'" + name + "','publicKey':'" + signer.pem() + "'}";
    }

    private static String said(String spec) {
        List<Problem> problems = new ArrayList<>();
        Guardrails read = GuardrailsReader.read("g.json", bytes(guardrails(spec)), TestKinds.all(), problems);
        return read == null ? problems.toString() : read.publishing().toString();
    }

    @Test
    void guardrailsListKeysInPem() {
        List<Problem> problems = new ArrayList<>();
        Guardrails read = GuardrailsReader.read(
                "g.json",
                bytes(guardrails("'signatures':{'required':true,'keys':[" + key("ci", CI) + "," + key("ann", STRANGER)
                        + "]},'approverNotPublisher':true")),
                TestKinds.all(),
                problems);

        assertThat(problems).isEmpty();
        assertThat(Objects.requireNonNull(read).publishing())
                .isEqualTo(new PublishingRules(true, List.of(CI.named("ci"), STRANGER.named("ann")), true));
    }

    @Test
    void guardrailsThatWouldRefuseEverythingOrProtectNothingAreRefused() {
        String mine = key("ci", CI);
        assertThat(said("'signatures':{'required':true}")).contains("no key is listed");
        assertThat(said("'signatures':{'required':true,'keys':[{'name':'a','publicKey':'AAAA'}]}"))
                .contains("/spec/signatures/keys/0/publicKey", "expected the public key of Ed25519");
        assertThat(said("'signatures':{'keys':[" + key("weak", TestSigner.of("RSA1024")) + "]}"))
                .contains("at least 2048 bits");
        assertThat(said("'signatures':{'keys':[" + mine + "," + key("two", CI) + "]}"))
                .contains("listed twice");
        assertThat(said("'signatures':{'keys':[" + mine + "," + key("ci", STRANGER) + "]}"))
                .contains("listed twice");
        assertThat(said("'signatures':{'keys':[" + mine + "]},'approverNotPublisher':true"))
                .contains("/spec/approverNotPublisher", "needs signatures.required");
        assertThat(said("'signatures':{'require':true}")).contains("required");
    }

    /** The key in PEM is the public key of the test vector in RFC 8032, 7.1. */
    @Test
    void anEd25519KeyInPemIsRead() {
        byte[] key = HexFormat.of()
                .parseHex("302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

        assertThat(Objects.requireNonNull(SignatureScheme.publicKey(key)).getEncoded())
                .isEqualTo(key);
        assertThat(SignatureScheme.ED25519.verifies(
                        SignatureScheme.publicKey(key),
                        new byte[0],
                        HexFormat.of()
                                .parseHex(
                                        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
                                                + "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")))
                .isTrue();
    }
}
