// What went through the service lately: the difference of what it had counted then and now.

const WINDOW = 10;
const KEPT = 90;

const looks = [];

/** Takes note of what the service has counted by now. */
export function note(figures) {
  const last = looks.at(-1);
  // It was started anew, and counts from zero.
  if (last && figures.seconds < last.seconds) looks.length = 0;
  const routes = new Map();
  for (const route of figures.routes) routes.set(name(route), route);
  looks.push({ seconds: figures.seconds, routes });
  if (looks.length > KEPT) looks.shift();
}

/** What a route is called. */
export function name(route) {
  return `${route.method} ${route.path || "(no route)"}`;
}

/** What each route did in the last seconds; before there are two looks nothing is known. */
export function lately(bounds) {
  const now = looks.at(-1);
  if (!now) return [];
  const before = looks.find((look) => now.seconds - look.seconds <= WINDOW);
  return [...now.routes.values()].map((route) => between(before, now, route, bounds));
}

/** All routes together. */
export function together(routes, bounds) {
  const sum = { perSecond: null, failed: 0, shed: 0, late: 0, buckets: new Map() };
  for (const route of routes) {
    if (route.perSecond === null) continue;
    sum.perSecond = (sum.perSecond ?? 0) + route.perSecond;
    for (const part of ["failed", "shed", "late"]) sum[part] += route[part];
    for (const [place, more] of route.buckets) sum.buckets.set(place, (sum.buckets.get(place) ?? 0) + more);
  }
  sum.p50 = quantile(sum.buckets, bounds, 0.5);
  sum.p99 = quantile(sum.buckets, bounds, 0.99);
  return sum;
}

/** Requests a second between each two looks, of a route or of all. */
export function history(of) {
  const rates = [];
  for (let place = 1; place < looks.length; place += 1) {
    const [before, now] = [looks[place - 1], looks[place]];
    const seconds = now.seconds - before.seconds;
    const names = of ? [of] : now.routes.keys();
    let requests = 0;
    for (const route of names) {
      requests += (now.routes.get(route)?.requests ?? 0) - (before.routes.get(route)?.requests ?? 0);
    }
    rates.push(seconds > 0 ? requests / seconds : 0);
  }
  return rates;
}

function between(then, now, route, bounds) {
  const seconds = now.seconds - then.seconds;
  const idle = { perSecond: null, failed: null, shed: null, late: null, p50: null, p99: null, buckets: new Map() };
  if (!(seconds > 0)) return { ...idle, route };
  const before = then.routes.get(name(route));
  const per = (part) => (route[part] - (before?.[part] ?? 0)) / seconds;
  const earlier = new Map(before?.buckets);
  const buckets = new Map(route.buckets.map(([place, many]) => [place, many - (earlier.get(place) ?? 0)]));
  return {
    route,
    perSecond: per("requests"),
    failed: per("failed"),
    shed: per("shed"),
    late: per("timed_out"),
    p50: quantile(buckets, bounds, 0.5),
    p99: quantile(buckets, bounds, 0.99),
    buckets,
  };
}

/** Within how many milliseconds this share was answered, 6 % more or less. */
export function quantile(buckets, bounds, share) {
  const some = [...buckets].filter(([, many]) => many > 0).sort(([one], [other]) => one - other);
  const total = some.reduce((sum, [, many]) => sum + many, 0);
  let counted = 0;
  for (const [place, many] of some) {
    counted += many;
    if (counted < total * share) continue;
    const below = bounds[place - 1] ?? 0;
    // Above the last bound nobody knows how far.
    return (below + (bounds[place] ?? below)) / 2;
  }
  return null;
}
