package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The entries that need a person come first on the status page, with links to the actions. */
@QuarkusTest
class StatusPageAttentionTest extends StatusPageCase {
    @Test
    void oneCalmLineSaysThatNothingNeedsAPerson() {
        // The numbers of the stack are another answer than the rows of the table, which are complete already.
        browser.says("Nothing needs a person.");
        assertThat(browser.all("section.needs ul")).isEmpty();

        browser.go("#/large").says("The mode is Observe: nothing is written");
    }

    @Test
    void whatNeedsAPersonLeadsToWhereOneActs() {
        browser.go("#/wrong").says("Problems that need a person");

        assertThat(browser.one("section.needs").getText()).contains("Revision refused", "cidrBlock");
        browser.one("section.needs .what a").click();

        browser.says("2 mistakes in the revision that was refused");
    }

    @Test
    void theCardsSayItToo() {
        browser.go("#/").until("the cards", b -> b.all(".cards > li").size() == 4);

        assertThat(browser.one(".cards > li:has(a[href='#/wrong'])").getText()).contains("Revision refused");
        browser.one(".cards a.bad[href='#/wrong/revision']").click();
        browser.says("2 mistakes in the revision that was refused");
    }

    /**
     * The worst entry is first, hundreds of steps that wait for one approval are one entry, and an alert repeats
     * nothing.
     */
    @Test
    void everythingIsSaidOnceWorstFirst() {
        Object said = browser.await("""
            const done = arguments[0];
            const one = (kind, status, message) => ({ kind, metadata: { name: 'a', owner: null },
              status: { status, message, reason: 'X', conditions: [] } });
            const stack = { name: 'shop', conditions: [], counts: { Stalled: 1, AwaitingApproval: 700, Drifted: 1, Synced: 3 },
              heldSteps: { held: 701, following: 2 } };
            const steps = Array.from({ length: 700 }, (x, i) => ({ resource: `Alarm/${i}`, action: 'Update', approvable: true,
              verdict: { type: 'Held', reason: 'LimitExceeded', message: '700 updates, and the limit is 50' } }));
            steps.push({ resource: 'Alarm/paused', action: 'Update', approvable: false, verdict: { type: 'Held', reason: 'Paused' } });
            const by = { who: 'alice (IAM user)', through: 'aws-cli/2.15', from: '203.0.113.7', at: '2026-01-01T00:00:00Z' };
            const drift = { items: [
              { resource: 'SecurityGroup/a', state: 'Detected', type: 'Modified', by, fields: [{ words: 'ingress: tcp 22' }] },
              { resource: 'Bucket/a', state: 'Repaired', type: 'Modified', fields: [] }] };
            const alert = (resource, reason) => ({ stack: 'shop', resource, reason, severity: 'Warning', message: reason });
            const alerts = [alert('EcsService/a', 'RolloutFailed'), alert('DbInstance/a', 'SupportEnds'), alert(null, 'LimitExceeded'),
              { ...alert('Vpc/a', 'Other'), stack: 'held' }];
            const resources = [one('EcsService', 'Stalled', 'no image'), one('Vpc', 'Synced', null)];
            import('/app/attention.js').then(a => done(a.attention(stack, { resources, plan: { steps }, drift }, alerts).map(group =>
              `${group.title} -> ${group.href}: ${group.entries.map(e =>
                `${e.resource} ${e.text}${e.others ? ` +${e.others}` : ''}${e.by ? ` ${a.byWords(e.by)}` : ''}`).join('; ')}`).join('\\n')));\
            """);

        assertThat(said).isEqualTo("""
            1 stalled -> #/shop/resources?status=Stalled: EcsService/a no image
            700 steps wait for approval, 2 more follow -> #/shop/plan: Alarm/0 700 updates, and the limit is 50 +699
            1 alert -> #/shop/events: DbInstance/a SupportEnds
            1 drifted -> #/shop/drift: SecurityGroup/a ingress: tcp 22 by alice (IAM user) through aws-cli/2.15 from 203.0.113.7\
            """);
    }

    /** An alert that concerns no single stack stands on each view, and a heartbeat keeps it up to date. */
    @Test
    void theAlertsOfTheInstallationStandOnEachView() {
        browser.run("""
            const send = window.fetch;
            window.alerts = [
              { stack: null, resource: null, reason: 'LeaseUnreachable', severity: 'Critical', message: 'the state <b>cannot</b> be written',
                since: '2026-01-01T00:00:00Z' },
              { stack: 'large', resource: null, reason: 'PassFailed', severity: 'Warning', message: 'of one stack', since: '2026-01-01T00:00:00Z' }];
            window.fetch = (url, options) => String(url).endsWith('/alerts')
              ? Promise.resolve(Response.json({ items: window.alerts, sinks: [] })) : send(url, options);
            import('/app/store.js').then(store => store.take(null, false));
            """);

        browser.says("Lease unreachable.");
        for (String view : java.util.List.of("#/", "#/shop", "#/shop/events", "#/large/drift")) {
            browser.go(view);
            assertThat(browser.one("main > [role=alert] .notice.bad").getText())
                    .as(view)
                    .contains("the state <b>cannot</b> be written")
                    .doesNotContain("of one stack");
        }

        browser.run("window.alerts = []; import('/app/store.js').then(store => store.take(null, false));");
        browser.until("no alert", b -> b.all("main > [role=alert]").isEmpty());
    }

    @Test
    void whatStandsInTheAddressIsGoneBackTo() {
        browser.one("button.chip:has(.good)").click();
        browser.until("the filter", b -> b.run("return location.hash").equals("#/shop/resources?status=Synced"));
        browser.one("a[href*='SecurityGroup/web']").click();
        browser.one("#drawer[open] a[href*='Vpc/main']").click();
        browser.until(
                "the other resource", b -> b.one("#detail-title").getText().endsWith("main"));

        browser.one("#drawer[open] button[aria-label=Close]").click();

        browser.until("the page alone", b -> b.all("#drawer[open]").isEmpty());
        assertThat(browser.run("return location.hash")).isEqualTo("#/shop/resources?status=Synced");
        browser.run("history.back()");
        browser.until("no filter", b -> b.run("return location.hash").equals("#/shop"));
        assertThat(browser.one("#drawer").getAttribute("open")).isNull();
    }

    @Test
    void aSkipLinkComesFirst() {
        browser.open("#/shop").tabTo("Skip to the content");
        browser.keys(Keys.ENTER);

        assertThat(browser.focused().getAttribute("id")).isEqualTo("content");
        assertThat(browser.run("return location.hash")).isEqualTo("#/shop");
    }
}
