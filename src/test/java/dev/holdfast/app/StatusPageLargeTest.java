package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** The status page with 1,500 resources and a plan of 1,500 steps: the page draws only the part that the user sees. */
@QuarkusTest
class StatusPageLargeTest extends StatusPageCase {
    /** An element is about 0.5 kB; the whole stack in one table would be 35,000 of them. */
    private static final int MOST_ELEMENTS = 8_000;

    private long elements() {
        return (Long) browser.run("return document.querySelectorAll('*').length");
    }

    private static void figure(String view, String said) {
        System.out.println("status page, " + PageWorld.MANY + " resources, " + view + ": " + said);
    }

    private void open(String view) {
        browser.go("#/large/" + view)
                .until(
                        view,
                        b -> b.one("section.view").getAttribute("aria-label").equals(view)
                                && !b.one("section.view").getText().startsWith("Reading"));
    }

    @Test
    void everyViewIsDrawnInFewElementsAndIsAccessible() {
        browser.run(axe());
        for (String view : VIEWS) {
            open(view);
            assertThat(elements()).as(view).isLessThan(MOST_ELEMENTS);
            assertThat(violations()).as(view).isEqualTo("");
            figure(view, elements() + " elements");
        }
    }

    @Test
    void thePlanIsFoldedAndUnfolds() {
        open("plan");
        assertThat(browser.one("section.view").getText()).contains("1,500 to create");
        int folded = browser.all("article.entry").size();
        assertThat(folded).isLessThanOrEqualTo(100);

        browser.one(".composite .fold").click();

        browser.until("its first steps", b -> b.all("article.entry").size() == 100);
        browser.press("Show the other 1,400");
        browser.until(
                "all steps",
                b -> b.run("return document.querySelectorAll('article.entry').length")
                        .equals(1500L));
    }

    @Test
    void theFirstPaintAndTheMemoryAreSaid() {
        browser.open("#/large/resources").until("rows", b -> b.all("tbody tr").size() > 100);

        Object paint = browser.run(
                "return Math.round(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1)");
        Object heap = browser.run("return Math.round((performance.memory?.usedJSHeapSize ?? 0) / 1e6)");
        figure("resources", "first paint after " + paint + " ms, " + heap + " MB of heap");

        assertThat(((Number) paint).intValue()).isPositive();
        assertThat(((Number) heap).intValue()).isBetween(1, 200);
    }

    /** Replaces the large stack, which has no composites, by a stack of 105 services of 14 resources each. */
    private static final String MANY_SERVICES = """
        const done = arguments[0];
        import('/app/store.js').then(store => store.change(s => {
          const nodes = [], edges = [];
          const add = (id, owner, status = 'Synced', ...on) => { nodes.push({ id, owner, status }); on.forEach(one => edges.push([id, one])); };
          add('Vpc/main', 'Network/main'); add('LoadBalancer/main', 'Ingress/main', 'Synced', 'Vpc/main');
          for (let i = 1; i <= 105; i++) {
            for (let j = 1; j <= 14; j++) add(`Part${j}/s-${i}`, `Service/s-${i}`, 'Synced', 'LoadBalancer/main');
          }
          add('Bucket/media', null, 'Stalled'); add('Distribution/main', 'Cdn/main', 'Synced', 'Bucket/media', 'LoadBalancer/main');
          s.details.set('large', { ...s.details.get('large'), graph: { nodes, edges } });
          s.graph = { shown: 'auto', hot: null, zoom: 'auto', search: '' };
        })).then(() => done());\
        """;

    /** How many of the drawn boxes lie within the frame of the graph and of the window's width, and the worst of them. */
    private static final String IN_SIGHT = """
        const frame = document.querySelector('.graph').getBoundingClientRect();
        const inside = [...document.querySelectorAll('.graph a.node')].filter(node => {
          const box = node.getBoundingClientRect();
          return box.left >= frame.left && box.right <= frame.right + 1 && box.top >= frame.top && box.bottom <= frame.bottom + 1;
        });
        return inside.length + (inside.some(node => node.dataset.id === 'Bucket/media') ? ' with the worst' : ' without the worst');\
        """;

    @Test
    void theGraphOpensAsAWholeAndOnAPhoneAtTheWorst() {
        open("graph");
        browser.await(MANY_SERVICES);
        browser.until("all services", b -> b.all("a.node").size() == 109);
        assertThat(browser.run(IN_SIGHT)).isEqualTo("109 with the worst");

        browser.screen(390, 844, "light");
        browser.await(MANY_SERVICES.replace("/s-${", "/t-${"));
        browser.until(
                "the worst in sight",
                b -> b.all("a.node").size() == 109 && b.run(IN_SIGHT).toString().endsWith(" with the worst"));
        figure("graph", "on a phone, " + browser.run(IN_SIGHT) + " in sight");
    }

    @Test
    void theGraphFindsOneOfThem() {
        open("graph");
        browser.says("too many to draw at once");

        browser.one("#filter").sendKeys("group 1499");
        browser.press("LogGroup/service-1499");

        browser.until("the one", b -> b.all("a.node").size() == 1);
        assertThat(browser.one(".filters").getText()).contains("Around LogGroup/service-1499");
    }
}
