package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/**
 * The status page with a keyboard, on a phone, with a screen reader, with very many resources, and with hostile text.
 */
@QuarkusTest
class StatusPageForAllTest extends StatusPageCase {

    @Test
    void theKeyboardIsEnough() {
        browser.run("document.activeElement.blur()");
        WebElement link = browser.tabTo("Alarm/drifting");
        assertThat(link.getCssValue("outline-style")).isEqualTo("solid");

        browser.keys(Keys.ENTER);
        browser.one("#drawer[open]");
        assertThat(browser.run("return document.activeElement.closest('#drawer') !== null"))
                .isEqualTo(true);
        browser.tabTo("Pause…");
        browser.keys(Keys.ENTER);
        browser.one("#modal[open]");
        assertThat(browser.focused().getAttribute("name")).isEqualTo("reason");

        browser.keys(Keys.ESCAPE)
                .until("the drawer alone", b -> b.all("#modal[open]").isEmpty());
        assertThat(browser.focused().getText()).isEqualTo("Pause…");
        browser.keys(Keys.ESCAPE)
                .until("the page alone", b -> b.all("#drawer[open]").isEmpty());
        assertThat(browser.focused().getText()).isEqualTo("Alarm/drifting");
        browser.keys("/");
        assertThat(browser.focused().getAttribute("id")).isEqualTo("filter");
    }

    @Test
    void veryManyResourcesAreFiltered() {
        browser.go("#/large")
                .until(
                        "the first rows",
                        b -> b.run("return document.querySelectorAll('tbody tr').length")
                                .equals(201L));
        assertThat(browser.text()).contains("Show the other 1,300");

        Object millis = browser.run("""
            const field = document.getElementById('filter'), start = performance.now();
            field.value = 'service-77'; field.dispatchEvent(new Event('input'));
            return performance.now() - start;\
            """);
        browser.until("those that match", b -> b.all("tbody tr").size() == 11);

        assertThat(browser.text()).contains("11 of 1500");
        assertThat(((Number) millis).doubleValue()).isLessThan(1000);
        browser.go("#/large/graph").says("too many to draw at once");
    }

    private void open(String view) {
        browser.go("#/shop/" + view)
                .until(
                        view,
                        b -> b.one("section.view").getAttribute("aria-label").equals(view));
    }

    /** Opens the question before an approval of 42 replacements and 13 deletions, and counts what is posted. */
    private void askForApproval() {
        browser.await("""
            const done = arguments[0], send = window.fetch;
            window.posts = [];
            window.fetch = (url, options) => {
              if (options?.method !== 'POST') return send(url, options);
              window.posts.push(options.body);
              return Promise.resolve(Response.json({ needs: [] }, { status: 202 }));
            };
            const held = { type: 'Held', reason: 'LimitExceeded', message: 'over the limit' };
            const step = (action, resource, i, verdict) => ({ action, resource, hash: `hash${i}`, verdict, changes: [] });
            const steps = [step('Replace', 'Vpc/main', 0, held), step('Replace', 'LoadBalancer/main', 1, held)];
            for (let i = 2; i < 42; i++) {
              const on = i % 2 ? 'Vpc/main' : i === 2 ? 'Vpc/main' : `Subnet/s${i - 2}`;
              steps.push(step('Replace', `Subnet/s${i}`, i, { type: 'Follows', on }));
            }
            for (let i = 42; i < 55; i++) steps.push(step('Delete', `Alarm/a${i}`, i, { ...held, reason: 'ReplaceNeedsApproval' }));
            import('/app/actions.js').then(actions => { actions.open({ type: 'approve', stack: 'shop', steps }); done(); });\
            """);
        browser.one("#modal[open]");
    }

    private int posts() {
        return ((Number) browser.run("return window.posts.length")).intValue();
    }

    @Test
    void anApprovalIsReadFromItsTopAndEnterAloneApprovesNothing() {
        askForApproval();

        assertThat(browser.focused().getAttribute("id")).isEqualTo("dialog-title");
        assertThat(((Number) browser.run("return document.getElementById('modal').scrollTop")).intValue())
                .isZero();
        browser.run(axe());
        for (String theme : List.of("dark", "light")) {
            browser.screen(1280, 900, theme);
            assertThat(violations()).as("the requests of a pass, " + theme).isEqualTo("");
        }
        assertThat(browser.one("#dialog-summary").getText())
                .isEqualTo("42 replaced, 13 deleted; the load balancer gets another name.");
        assertThat(browser.all("#modal h3").stream().map(WebElement::getText))
                .containsExactly(
                        "Limit exceeded 2",
                        "Steps that follow the replacement of Vpc/main 40",
                        "Replace needs approval 13");
        browser.keys(Keys.ENTER);
        browser.press("Approve");
        browser.one("#modal input[name=stack]").sendKeys("prod", Keys.ENTER);
        assertThat(posts()).isZero();
        browser.run("document.getElementById('modal').scrollTop = 1000");
        assertThat(browser.one("#dialog-summary").isDisplayed()).isTrue();

        browser.one("#modal input[name=stack]").clear();
        browser.one("#modal input[name=stack]").sendKeys("shop", Keys.ENTER);

        browser.says("55 steps approved");
        assertThat(posts()).isEqualTo(1);
    }

    @Test
    void fewStepsNeedNoName() {
        Object told = browser.await("""
            const done = arguments[0];
            const step = action => ({ action, resource: 'Alarm/a', hash: 'h', verdict: { type: 'Held', reason: 'X' }, changes: [] });
            import('/app/views/approval.js').then(a => done(
              [a.destructive([step('Delete'), step('Replace'), step('Create')]).length, a.TYPED_ABOVE,
               a.consequences([step('Create'), step('Update')])].join(' / ')));\
            """);

        assertThat(told).isEqualTo("2 / 10 / 1 created, 1 updated");
    }

    /** No dialog focuses a button that acts, and none is scrolled away from its heading. */
    @Test
    void everyQuestionOpensAtItsTop() {
        browser.press("Pause stack…").one("#modal[open]");
        assertThat(browser.focused().getTagName()).isEqualTo("input");
        browser.keys(Keys.ESCAPE)
                .until("the page alone", b -> b.all("#modal[open]").isEmpty());
        browser.await("""
            const done = arguments[0], byOperation = {};
            for (let i = 0; i < 100; i++) byOperation[`ec2:Describe${i}`] = 1;
            import('/app/actions.js').then(actions => {
              actions.open({ type: 'requests', pass: { requests: { byOperation, total: 100 }, writes: 0 } });
              done();
            });\
            """);
        browser.one("#modal[open]");
        assertThat(browser.focused().getAttribute("id")).isEqualTo("dialog-title");
        assertThat(((Number) browser.run("return document.getElementById('modal').scrollTop")).intValue())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void everyViewIsAccessible(String theme) {
        browser.screen(1280, 900, theme);
        browser.run(axe());
        for (String view : VIEWS) {
            open(view);
            assertThat(violations()).as(view + " " + theme).isEqualTo("");
        }
        browser.go("#/shop/resources/SecurityGroup/web").one("#drawer[open]");
        assertThat(violations()).as("a resource, " + theme).isEqualTo("");
        browser.press("Pause…").one("#modal[open]");
        assertThat(violations()).as("a question, " + theme).isEqualTo("");
        browser.keys(Keys.ESCAPE)
                .until("the drawer alone", b -> b.all("#modal[open]").isEmpty());
        askForApproval();
        assertThat(violations()).as("an approval, " + theme).isEqualTo("");
    }

    @Test
    void aPhoneNeedsNoScrollingSideways() {
        browser.screen(360, 740, "light");
        for (String view : VIEWS) {
            open(view);
            assertThat(width()).as(view).isLessThanOrEqualTo(360);
        }
        browser.go("#/shop/resources/SecurityGroup/web").one("#drawer[open]");
        assertThat(width()).as("a resource").isLessThanOrEqualTo(360);
        assertThat((Long) browser.run("return document.querySelector('#drawer').scrollWidth"))
                .isLessThanOrEqualTo(360);
        askForApproval();
        assertThat((Long) browser.run("return document.querySelector('#modal').scrollWidth"))
                .isLessThanOrEqualTo(360);
    }

    @Test
    void textIsNeverTakenForMarkup() {
        browser.go("#/shop/resources/Alarm/drifting");

        String spec = browser.one("#drawer[open] .spec").getText();
        assertThat(spec).contains("<img src=x onerror=", "<script>window.canary=2</script>${1+1}{{1}}");
        assertThat(browser.all("img, #page script")).isEmpty();
    }

    @Test
    void compositesHoldWhatTheyMade() {
        Object groups = browser.await("""
            const done = arguments[0];
            const one = (name, owner, status) => ({ kind: 'Subnet', metadata: { name, owner }, status: { status } });
            import('/app/tree.js').then(tree => done(tree.groups([one('alone', null, 'Synced'), one('b', 'Network/main', 'Synced'),
              one('a', 'Network/main', 'Stalled')]).map(g => `${g.owner} ${g.status} ${g.members.length}`).join(', ')));\
            """);
        Object edges = browser.await("""
            const done = arguments[0];
            import('/app/layout.js').then(l => done(JSON.stringify([l.reduced([['a','b'],['b','c'],['a','c'],['c','a'],['d','a'],['d','c']]),
              [...l.around('b', [['a','b'],['b','c'],['x','c']])]])));\
            """);

        assertThat(groups).isEqualTo("Network/main Stalled 2, null Synced 1");
        assertThat(edges).isEqualTo("[[[\"a\",\"b\"],[\"b\",\"c\"],[\"c\",\"a\"],[\"d\",\"c\"]],[\"b\",\"c\",\"a\"]]");
    }

    @Test
    void nothingInlineOrForeignIsAllowed() throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> page =
                    http.send(HttpRequest.newBuilder(root).build(), HttpResponse.BodyHandlers.ofString());

            assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                    .startsWith("default-src 'self';")
                    .doesNotContain("unsafe");
            assertThat(page.headers().map()).containsKeys("X-Content-Type-Options", "Referrer-Policy");
            assertThat(page.body()).doesNotContain("http:", "https:", "style=", "onclick");
        }
    }

    private long width() {
        return (Long) browser.run("return document.documentElement.scrollWidth");
    }
}
