package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The map of the status page: found in resources and their references, drawn for a wide screen and for a phone. */
@QuarkusTest
class StatusPageMapTest extends StatusPageCase {
    /**
     * A distribution in front of a load balancer and a bucket, two services, a database and a cache, with the resources
     * around them.
     */
    private static final String SHOP = """
        const one = (kind, name, dependsOn, more = {}) => ({ kind, metadata: { name, owner: more.owner ?? null }, spec: more.spec ?? {},
          status: { status: more.status ?? 'Synced', reason: more.reason ?? null, message: null, conditions: [], facts: more.facts ?? {},
            outputs: more.outputs ?? {}, dependsOn } });
        const resources = [
          one('Distribution', 'main', ['Certificate/main'], { spec: { enabled: true,
            origins: [{ id: 'a', domainName: 'Origin.example.com' }, { id: 'b', domainName: 'media.s3.amazonaws.com' }],
            cacheBehaviors: [{ targetOriginId: 'b', pathPattern: '/media/*' }] } }),
          one('RecordSet', 'origin', ['LoadBalancer/main'], { spec: { name: 'origin.example.com.' } }),
          one('LoadBalancer', 'main', ['Subnet/a'], { spec: { scheme: 'internet-facing' } }),
          one('Listener', 'https', ['LoadBalancer/main']),
          one('ListenerRule', 'api', ['Listener/https', 'TargetGroup/api'],
            { spec: { conditions: [{ field: 'path-pattern', values: ['/api/*'] }] } }),
          one('TargetGroup', 'api', ['Vpc/main']),
          one('EcsService', 'api', ['TargetGroup/api', 'TaskDefinition/api', 'Subnet/a'],
            { owner: 'Service/api', facts: { Tasks: '2 of 2 running' } }),
          one('Alarm', 'api-cpu', [], { owner: 'Service/api', status: 'Drifted' }),
          one('TaskDefinition', 'api', ['Secret/db', 'ReplicationGroup/main', 'Role/api']),
          one('Secret', 'db', ['DbInstance/main']), one('Role', 'api', ['Bucket/media']),
          one('EcsService', 'worker', ['TaskDefinition/worker'], { status: 'Stalled', reason: 'RolloutHeld' }),
          one('TaskDefinition', 'worker', []),
          one('DbInstance', 'main', ['DbSubnetGroup/main']), one('DbSubnetGroup', 'main', ['Subnet/a']),
          one('ReplicationGroup', 'main', ['SecurityGroup/redis']),
          one('Bucket', 'media', [], { outputs: { regionalDomainName: 'media.s3.amazonaws.com' } }),
          one('Bucket', 'old', [], { status: 'Orphaned' }), one('Subnet', 'a', ['Vpc/main']), one('Vpc', 'main', [])];
        """;

    @Test
    void theWayOfTheTrafficIsFoundInTheReferences() {
        Object said = browser.await(SHOP + """
            const done = arguments[0], steps = [{ resource: 'DbInstance/main' }];
            import('/app/map.js').then(m => {
              const drawn = m.map(resources, steps, { name: 'shop' });
              done(drawn.edges.map(edge => edge.join(' > ')).sort().join('\\n') + '\\n--\\n' + drawn.nodes.map(node =>
                [node.tier, node.noun, node.name, node.route?.join(), node.live, node.state].filter(Boolean).join(' ')).sort().join('\\n'));
            });\
            """);

        assertThat(said).isEqualTo("""
            Distribution/main > Bucket/media
            Distribution/main > LoadBalancer/main
            EcsService/api > Bucket/media
            EcsService/api > DbInstance/main
            EcsService/api > ReplicationGroup/main
            Internet > Distribution/main
            LoadBalancer/main > EcsService/api
            --
            1 CDN main Synced
            2 Load balancer main Synced
            3 Service api /api/* 2 of 2 running Drifted: Alarm/api-cpu
            3 Service worker Stalled, rollout held
            4 Bucket media /media/* Synced
            4 Cache main Synced
            4 Database main Synced, 1 step planned
            Internet\
            """);
    }

    /** The services that need attention are drawn; the other services are one box. */
    @Test
    void aHundredServicesAreStillReadAtAGlance() {
        Object said = browser.await("""
            const done = arguments[0];
            const resources = Array.from({ length: 100 }, (x, i) => ({ kind: 'EcsService', metadata: { name: `s${i}`, owner: null }, spec: {},
              status: { status: i === 77 ? 'Stalled' : 'Synced', conditions: [], outputs: {}, dependsOn: [] } }));
            import('/app/map.js').then(m => {
              const { nodes } = m.map(resources, [], { name: 'shop' });
              done([nodes.length, nodes.some(node => node.name === 's77'), nodes.at(-1).name, nodes.at(-1).state, nodes.at(-1).href].join('; '));
            });\
            """);

        assertThat(said).isEqualTo("8; true; 93 more; 93 synced; #/shop/resources?kind=EcsService");
    }

    @ParameterizedTest
    @CsvSource({"1280, 900, light", "1280, 900, dark", "390, 800, light", "390, 800, dark"})
    void itIsDrawnForEveryScreenAndIsAccessible(int width, int height, String theme) {
        browser.screen(width, height, theme);
        browser.run(axe());

        Object broken = browser.await(SHOP + """
            const done = arguments[0];
            Promise.all([import('/app/store.js'), import('/app/views/map.js'), import('/app/lit.js')]).then(([store, view, lit]) => {
              store.state.details.set('drawn', { resources, plan: { steps: [] } });
              const main = document.createElement('main');
              document.getElementById('page').hidden = true;
              document.body.append(main);
              lit.render(view.map({ name: 'drawn' }, store.state), main);
              return axe.run(main);
            }).then(result => done(result.violations.map(v => v.id + ': ' + v.help).join('; ')));\
            """);

        assertThat(broken).isEqualTo("");
        assertThat(browser.all(".map a.node")).hasSize(7);
        assertThat(browser.all(".map path.edge")).hasSize(7);
        assertThat(browser.one("a.node[aria-label^='Service api']").getAttribute("aria-label"))
                .isEqualTo(
                        "Service api: Drifted: Alarm/api-cpu; 2 of 2 running, leads to Database main, Cache main, Bucket media");
        assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
                .isLessThanOrEqualTo(width);
        assertThat(overlaps()).as("boxes that overlap").isEqualTo(0L);
    }

    private Object overlaps() {
        return browser.run("""
            const boxes = [...document.querySelectorAll('.map .node')].map(node => node.getBoundingClientRect());
            return boxes.filter((a, i) => boxes.some((b, j) => i < j && a.left < b.right && b.left < a.right && a.top < b.bottom
              && b.top < a.bottom)).length;\
            """);
    }

    @Test
    void aStackWithoutTrafficOrDataBeginsWithItsResources() {
        browser.open("#/shop").until("the resources", b -> b.all("tbody tr").size() == 3);
        assertThat(browser.one(".views a[aria-current=page]").getText()).isEqualTo("Resources");

        browser.go("#/shop/map").says("This stack has no CDN, load balancer, service, database or cache.");
    }
}
