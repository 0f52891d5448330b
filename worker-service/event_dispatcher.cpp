#include "worker-service/event_dispatcher.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "libs/async/sleep.hpp"
#include "libs/contract/event_message.hpp"

namespace orderflow::worker {

using orders::EventEndpoint;
using orders::EventPosition;
using orders::LaneKind;
using orders::LaneProgress;
using orders::LaneWork;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t owner_bytes = 12;
// At what is due and waits for something else, such as a call that is under way.
constexpr auto look_again = 50ms;

std::string random_name(Entropy& entropy) {
    std::array<std::byte, owner_bytes> bytes{};
    entropy.fill(bytes);
    std::string name;
    for (const auto byte : bytes) {
        constexpr std::string_view digits = "0123456789abcdef";
        name += digits[std::to_integer<std::size_t>(byte) / digits.size()];
        name += digits[std::to_integer<std::size_t>(byte) % digits.size()];
    }
    return name;
}

orders::AttemptResult result_of(const orders::SendAnswer& answer) {
    using Kind = orders::AttemptResult::Kind;
    if (answer.stopped) return orders::AttemptResult(Kind::dropped);
    if (answer.code.empty()) return orders::AttemptResult(Kind::delivered);
    orders::AttemptResult result(answer.gone ? Kind::gone : Kind::failed);
    result.retry_after = answer.retry_after;
    return result;
}

void end_span(observe::Span span, const orders::SendAnswer& answer) {
    if (!span.is_recorded()) return;
    if (answer.status > 0) span.set("http.response.status_code", answer.status);
    if (!answer.code.empty()) span.fail(answer.code);
}

}  // namespace

// A call that has come to its end. Without an answer: there was nothing to be sent.
struct EventDispatcher::Ended {
    Ended(std::string l, LaneWork w) : lane(std::move(l)), work(std::move(w)) {}
    std::string lane;
    LaneWork work;
    std::optional<orders::SendAnswer> answer;
    std::optional<orders::EventType> type;
    WallTime at{};
    BootClock::duration took{0};
    bool store_failed = false;
};

// An endpoint whose lease this worker has.
struct EventDispatcher::Served {
    Served(EventEndpoint e, Executor& timers, Instant now) : endpoint(std::move(e)), news(timers), lease_from(now) {}
    EventEndpoint endpoint;
    Signal news;
    std::map<std::string, LaneProgress> lanes;
    std::size_t calls = 0;
    std::vector<Ended> ended;
    std::vector<orders::EventDelivery> log;  // not recorded yet
    std::vector<std::string> over;           // lanes that have ended: not recorded yet
    std::string disable;
    Instant lease_from;  // when the last beat that was taken was asked for
    Instant next_refresh{};
    Instant next_read{};
    Instant next_forget{};
    bool looked = false;  // lanes were loaded
    bool lost = false;    // the lease is gone, or the endpoint
};

EventDispatcher::EventDispatcher(Parts parts, orders::LoopParts loop, DispatchPolicy policy)
    : parts_(parts), loop_(loop), policy_(policy), owner_(random_name(parts.entropy)), gate_(loop.timers) {}
EventDispatcher::~EventDispatcher() = default;

void EventDispatcher::start() { loop_.spawn(run(gate_.enter())); }

void EventDispatcher::ask_to_stop() {
    stop_.request_stop();
    for (const auto& [id, served] : served_) served->news.notify();
}

task<void> EventDispatcher::stop(Instant deadline) {
    ask_to_stop();
    if (co_await gate_.drain_until(deadline - policy_.record_time)) co_return;
    cut_off_.request_stop();
    (void)co_await gate_.drain_until(deadline);
}

task<void> EventDispatcher::run(Gate::Pass pass) {
    while (!stopping()) {
        co_await look_at_endpoints();
        co_await sleep_until(loop_.timers, loop_.clock.now() + policy_.endpoints_every, stop_.get_token());
    }
}

task<void> EventDispatcher::look_at_endpoints() {
    auto endpoints = co_await parts_.reader.endpoints();
    if (!endpoints) {
        parts_.observer.store_failed("endpoints", endpoints.error());
        co_return;
    }
    const auto known = [&](const std::string& id) {
        return std::ranges::find(*endpoints, id, &EventEndpoint::id) != endpoints->end();
    };
    std::erase_if(watches_, [&](const auto& entry) { return !known(entry.first); });
    EndpointCounts counts;
    for (const auto& endpoint : *endpoints) {
        ++(endpoint.enabled ? counts.enabled : counts.disabled);
        if (endpoint.enabled && !parts_.sender.serves(endpoint)) ++counts.not_served;
    }
    parts_.observer.endpoints(counts);
    for (auto& endpoint : *endpoints) {
        if (!stopping()) co_await consider(std::move(endpoint));
    }
}

// A lease is taken when nobody has it, or when its owner has not beaten for the lease time of our own clock.
task<void> EventDispatcher::consider(EventEndpoint endpoint) {
    if (served_.contains(endpoint.id) || !parts_.sender.serves(endpoint)) co_return;
    const auto now = loop_.clock.now();
    auto& watch = watches_[endpoint.id];
    if (watch.owner != endpoint.owner || watch.beat != endpoint.beat) watch = {endpoint.owner, endpoint.beat, now};
    if (watch.since == Instant{}) watch.since = now;
    const bool is_free = endpoint.owner.empty() || now - watch.since >= policy_.lease_time;
    if (!endpoint.enabled || !is_free) co_return;
    const auto taken =
        co_await parts_.store.change_lease({endpoint.id, endpoint.owner, endpoint.beat, owner_, endpoint.beat + 1});
    if (!taken) parts_.observer.store_failed("change_lease", taken.error());
    if (!taken || !*taken || stopping()) co_return;
    endpoint.owner = owner_;
    ++endpoint.beat;
    watches_.erase(endpoint.id);
    const auto served = std::make_shared<Served>(std::move(endpoint), loop_.timers, now);
    served_.insert_or_assign(served->endpoint.id, served);
    loop_.spawn(serve(served->endpoint, gate_.enter()));
}

task<void> EventDispatcher::serve(EventEndpoint endpoint, Gate::Pass pass) {
    const auto served = served_.at(endpoint.id);
    parts_.observer.serving(endpoint.id, true);
    while (!stopping() && co_await keep(served)) {
        co_await read_events(served);
        begin_calls(served);
        tell(*served);
        auto until = served->looked ? std::min(served->next_refresh, served->next_read) : served->next_refresh;
        for (const auto& [id, lane] : served->lanes) {
            if (const auto due = lane.next_due())
                until = std::min(until, std::max(*due, loop_.clock.now() + look_again));
        }
        if (served->ended.empty()) co_await served->news.wait_until(until, stop_.get_token());
    }
    while (served->calls > 0) co_await served->news.wait_until(Instant::max());
    if (!served->lost) co_await give_back(served);
    parts_.observer.state(endpoint.id, {});
    parts_.observer.serving(endpoint.id, false);
    served_.erase(endpoint.id);
}

// What has ended is recorded, what operators changed is seen, the lease goes on. False: the endpoint is served no more.
task<bool> EventDispatcher::keep(std::shared_ptr<Served> served) {
    for (auto& ended : std::exchange(served->ended, {})) take_in(*served, std::move(ended));
    const auto now = loop_.clock.now();
    if (now >= served->next_refresh) {
        served->next_refresh = now + policy_.endpoints_every;
        if (!co_await refresh(served)) co_return false;
    }
    if (!co_await record(served)) co_return false;
    if (now - served->lease_from >= policy_.beat_every && !co_await beat(served)) co_return false;
    co_return served->endpoint.enabled;
}

task<bool> EventDispatcher::refresh(std::shared_ptr<Served> served) {
    auto endpoint = co_await parts_.reader.endpoint(served->endpoint.id);
    if (!endpoint) {
        parts_.observer.store_failed("endpoint", endpoint.error());
        co_return true;
    }
    // A reader may be behind the writer: an older beat of ours is no loss.
    if (!*endpoint || ((*endpoint)->owner != owner_ && (*endpoint)->beat >= served->endpoint.beat)) {
        served->lost = true;
        co_return false;
    }
    const auto newest = std::max(served->endpoint.beat, (*endpoint)->owner == owner_ ? (*endpoint)->beat : 0);
    served->endpoint = *std::move(*endpoint);
    served->endpoint.owner = owner_;
    served->endpoint.beat = newest;
    auto lanes = co_await parts_.reader.lanes(served->endpoint.id);
    if (!lanes) {
        parts_.observer.store_failed("lanes", lanes.error());
        co_return true;
    }
    const auto& settings = served->endpoint.settings;
    for (auto& stored : *lanes) {
        const bool ended = std::ranges::find(served->over, stored.id) != served->over.end();
        if (ended || served->lanes.contains(stored.id)) continue;
        auto id = stored.id;
        served->lanes.try_emplace(std::move(id), std::move(stored), settings, moment());
    }
    for (auto& [id, lane] : served->lanes) {
        lane.endpoint_changed(settings, served->endpoint.revision, loop_.clock.now());
    }
    served->looked = true;
    co_return true;
}

task<bool> EventDispatcher::beat(std::shared_ptr<Served> served) {
    const auto asked_at = loop_.clock.now();
    auto& endpoint = served->endpoint;
    const auto kept =
        co_await parts_.store.change_lease({endpoint.id, owner_, endpoint.beat, owner_, endpoint.beat + 1});
    if (!kept) {
        // It may have been taken: the next beat finds out, and no call is begun that would end behind the lease.
        parts_.observer.store_failed("change_lease", kept.error());
        const auto seen = co_await parts_.reader.endpoint(endpoint.id);
        if (seen && *seen && (*seen)->owner == owner_) endpoint.beat = std::max(endpoint.beat, (*seen)->beat);
        served->lost = loop_.clock.now() - served->lease_from >= policy_.lease_time;
        co_return !served->lost;
    }
    if (!*kept) {
        served->lost = true;
        co_return false;
    }
    ++endpoint.beat;
    served->lease_from = asked_at;
    co_return true;
}

task<void> EventDispatcher::read_events(std::shared_ptr<Served> served) {
    if (!served->looked || served->ended.size() + served->log.size() >= policy_.unrecorded_max) co_return;
    const bool due = loop_.clock.now() >= served->next_read;
    bool more = false;
    std::vector<std::string> ids;
    for (const auto& [id, lane] : served->lanes) ids.push_back(id);
    for (const auto& id : ids) {
        const auto lane = served->lanes.find(id);
        if (lane == served->lanes.end()) continue;
        if (lane->second.needs_start()) co_await find_start(served, id);
        if (!lane->second.wants_events() || (!due && lane->second.is_at_end())) continue;
        auto page = co_await parts_.reader.feed(lane->second.read_to(), policy_.page_transitions);
        if (!page) {
            parts_.observer.store_failed("feed", page.error());
            break;
        }
        more = more || !page->at_end;
        lane->second.add(std::move(page->events), page->at_end);
    }
    if (due) served->next_read = loop_.clock.now() + policy_.poll;
    if (more) served->news.notify();
}

// Times of commits rise along the feed: by halves. An event can be older, but the newest of a transition is not.
task<Result<EventDispatcher::Ahead>> EventDispatcher::ahead_of(EventPosition position, WallTime since) {
    const auto next = co_await parts_.reader.feed(position, 1);
    if (!next) co_return fail(next.error());
    Ahead ahead;
    if (next->events.empty()) co_return ahead;
    ahead.transaction = next->events.front().at.first;
    ahead.begins = std::ranges::any_of(next->events, [since](const auto& feed) { return feed.event.at >= since; });
    co_return ahead;
}

// First by the transactions; then inside of the last that begins before, as one may have written a whole store: that of
// a move, or of a database that came from another cluster.
task<Result<EventPosition>> EventDispatcher::position_of(WallTime since) {
    const auto head = co_await parts_.reader.feed_head();
    if (!head) co_return fail(head.error());
    std::int64_t first = 0;
    std::int64_t high = head->first;
    while (first < high) {
        const auto middle = first + (high - first) / 2;
        const auto ahead = co_await ahead_of({middle, 0}, since);
        if (!ahead) co_return fail(ahead.error());
        (ahead->begins ? high : first) = ahead->begins ? middle : middle + 1;
    }
    if (first == 0) co_return EventPosition{};
    const auto transaction = first - 1;
    std::int64_t low = 0;
    for (high = 1;; high *= 2) {
        const auto ahead = co_await ahead_of({transaction, high}, since);
        if (!ahead) co_return fail(ahead.error());
        if (ahead->begins) break;
        // A store that numbers each transition has nothing inside of one.
        if (ahead->transaction != transaction) co_return EventPosition{first, 0};
        low = high;
    }
    while (low + 1 < high) {
        const auto middle = low + (high - low) / 2;
        const auto ahead = co_await ahead_of({transaction, middle}, since);
        if (!ahead) co_return fail(ahead.error());
        (ahead->begins ? high : low) = middle;
    }
    co_return EventPosition{transaction, high};
}

task<void> EventDispatcher::find_start(std::shared_ptr<Served> served, std::string lane) {
    const auto since = served->lanes.at(lane).since() - LaneProgress::range_slack;
    const auto found = co_await position_of(since);
    if (!found) co_return parts_.observer.store_failed("feed", found.error());
    served->lanes.at(lane).start_at(*found);
}

void EventDispatcher::begin_calls(const std::shared_ptr<Served>& served) {
    const auto now = loop_.clock.now();
    // A call ends within the lease: whoever takes it over finds none under way.
    if (now + policy_.call_time >= served->lease_from + policy_.lease_time) return;
    if (stopping() || !served->disable.empty()) return;
    const auto calls_max = is_topic(served->endpoint.settings) ? policy_.topic_calls_max : policy_.calls_max;
    for (auto& [id, lane] : served->lanes) {
        while (served->calls < calls_max && served->log.size() < policy_.unrecorded_max) {
            auto work = lane.take(now);
            if (!work) break;
            ++served->calls;
            loop_.spawn(call(served, id, *std::move(work), gate_.enter()));
        }
    }
}

task<void> EventDispatcher::call(std::shared_ptr<Served> served, std::string lane, LaneWork work, Gate::Pass pass) {
    Ended ended(std::move(lane), std::move(work));
    const auto begun = loop_.clock.now();
    const auto endpoint = served->endpoint;
    if (auto event = pass ? co_await event_of(served, ended.lane, ended.work) : std::nullopt) {
        if (ended.work.event) ended.type = ended.work.event->type;
        ended.at = loop_.clock.wall();
        auto span = begin_span(endpoint, ended.work, *event);
        ended.answer =
            co_await parts_.sender.send(endpoint, *std::move(event), begun + policy_.call_time, cut_off_.get_token());
        ended.took = loop_.clock.now() - begun;
        end_span(std::move(span), *ended.answer);
    } else if (!pass || ended.work.attempt == 0) {
        ended.store_failed = true;
    }
    --served->calls;
    served->ended.push_back(std::move(ended));
    served->news.notify();
}

// Each attempt, below the change that made the event: of one that was not traced there is none.
observe::Span EventDispatcher::begin_span(const EventEndpoint& endpoint, const LaneWork& work,
                                          orders::OutgoingEvent& event) {
    if (parts_.tracer == nullptr || event.traceparent.empty()) return {};
    const auto change = observe::TraceContext::parse(event.traceparent);
    if (!change) return {};
    const bool topic = is_topic(endpoint.settings);
    auto span = parts_.tracer->start(topic ? observe::SpanKind::producer : observe::SpanKind::client,
                                     topic ? "publish topic" : "deliver webhook", &*change);
    event.traceparent = span.context()->to_string();
    if (!span.is_recorded()) return span;
    span.set("orderflow.endpoint.id", endpoint.id);
    span.set("orderflow.event.id", event.id);
    span.set("orderflow.event.type", event.type);
    span.set("orderflow.order.id", event.order_id);
    span.set("orderflow.delivery.attempt", work.attempt);
    return span;
}

// Nothing: the order's history has nothing more to be sent, or (attempt 0) it could not be read.
task<std::optional<orders::OutgoingEvent>> EventDispatcher::event_of(std::shared_ptr<Served> served, std::string lane,
                                                                     LaneWork& work) {
    const auto mode = served->endpoint.settings.mode;
    auto& progress = served->lanes.at(lane);
    if (progress.kind() == LaneKind::test) co_return contract::make_test_event(lane, loop_.clock.wall(), mode);
    if (!work.event) {
        const auto history = co_await parts_.orders.events(work.order, work.version - 1);
        if (!history) {
            parts_.observer.store_failed("events", history.error());
            work.attempt = 0;
            co_return std::nullopt;
        }
        work.gone = history->empty();
        const auto* next = progress.next_wanted(*history, work.through);
        if (next == nullptr) co_return std::nullopt;
        progress.moved_on(work, next->version);
        work.event = *next;
    }
    auto event = contract::make_event(work.order, *work.event, mode);
    if (is_topic(served->endpoint.settings)) event.tenant = co_await tenant_of(work.order);
    co_return event;
}

// For the filters of subscriptions. An order that was archived or erased since has none, and one whose store does not
// answer gets none: no event waits for it.
task<std::string> EventDispatcher::tenant_of(orders::OrderId order) {
    const auto found = co_await parts_.orders.find(order);
    co_return found && found->order ? found->order->tenant_id : std::string();
}

void EventDispatcher::take_in(Served& served, Ended ended) {
    auto& lane = served.lanes.at(ended.lane);
    const auto now = moment();
    if (ended.store_failed) {
        orders::AttemptResult unread(orders::AttemptResult::Kind::dropped);
        unread.retry_after = std::chrono::ceil<milliseconds>(policy_.store_retry);
        (void)lane.finished(ended.work, unread, now, 0);
        return;
    }
    if (!ended.answer) {
        lane.nothing_left(ended.work);
        if (ended.work.gone) log_gone(served, ended, now.wall);
    } else {
        const auto verdict = lane.finished(ended.work, result_of(*ended.answer), now, parts_.entropy.next_u64());
        if (ended.answer->stopped) return;
        orders::EventDelivery delivery(served.endpoint.id, ended.work.order, ended.work.version);
        delivery.type = ended.type;
        delivery.lane = lane.kind();
        delivery.attempt = ended.work.attempt;
        delivery.at = ended.at;
        delivery.duration_ms = std::chrono::duration_cast<milliseconds>(ended.took).count();
        delivery.status = ended.answer->status;
        delivery.outcome = verdict.outcome;
        delivery.code = ended.answer->code;
        delivery.answer = ended.answer->head;
        if (verdict.wait) delivery.next_attempt_at = now.wall + *verdict.wait;
        parts_.observer.called(delivery);
        served.log.push_back(std::move(delivery));
        if (!verdict.disable.empty()) served.disable = verdict.disable;
    }
    if (!lane.is_over()) return;
    served.over.push_back(ended.lane);
    served.lanes.erase(ended.lane);
}

// Whoever waits for these events can learn that they do not come.
void EventDispatcher::log_gone(Served& served, const Ended& ended, WallTime now) {
    orders::EventDelivery delivery(served.endpoint.id, ended.work.order, ended.work.version);
    delivery.lane = served.lanes.at(ended.lane).kind();
    delivery.attempt = ended.work.attempt;
    delivery.at = now;
    delivery.outcome = orders::DeliveryOutcome::given_up;
    delivery.code = "order.gone";
    parts_.observer.called(delivery);
    served.log.push_back(std::move(delivery));
}

// What is not taken now is taken with the next.
task<bool> EventDispatcher::record(std::shared_ptr<Served> served) {
    orders::DeliveryProgress progress;
    progress.endpoint = served->endpoint.id;
    progress.owner = owner_;
    std::vector<std::string> dirty;
    for (auto& [id, lane] : served->lanes) {
        if (lane.is_over()) served->over.push_back(id);
        if (!lane.is_dirty() || lane.is_over()) continue;
        dirty.push_back(id);
        progress.lanes.push_back(lane.stored(moment()));
    }
    std::erase_if(served->lanes, [](const auto& entry) { return entry.second.is_over(); });
    progress.log = served->log;
    progress.ended = served->over;
    progress.disable = served->disable;
    const auto now = loop_.clock.now();
    const bool forget = now >= served->next_forget;
    if (forget) progress.forget_before = loop_.clock.wall() - orders::limits::deliveries_kept_for;
    if (dirty.empty() && progress.log.empty() && progress.ended.empty() && progress.disable.empty() && !forget) {
        co_return true;
    }
    const auto recorded = co_await parts_.store.record(std::move(progress));
    if (recorded) {
        served->log.clear();
        served->over.clear();
        if (forget) served->next_forget = now + policy_.forget_every;
        if (served->disable.empty()) co_return true;
        parts_.observer.disabled(served->endpoint.id, std::exchange(served->disable, {}));
        served->endpoint.enabled = false;
        co_return true;
    }
    for (const auto& id : dirty) {
        if (const auto lane = served->lanes.find(id); lane != served->lanes.end()) lane->second.set_dirty();
    }
    parts_.observer.store_failed("record", recorded.error());
    served->lost = recorded.error().kind() == ErrorKind::conflict;
    if (served->lost) co_return false;
    co_await sleep_until(loop_.timers, loop_.clock.now() + policy_.store_retry, stop_.get_token());
    co_return true;
}

task<void> EventDispatcher::give_back(std::shared_ptr<Served> served) {
    for (auto& ended : std::exchange(served->ended, {})) take_in(*served, std::move(ended));
    (void)co_await record(served);
    if (served->lost) co_return;
    const auto& endpoint = served->endpoint;
    (void)co_await parts_.store.change_lease({endpoint.id, owner_, endpoint.beat, "", endpoint.beat + 1});
}

void EventDispatcher::tell(const Served& served) {
    DispatchState state;
    const auto now = loop_.clock.wall();
    for (const auto& [id, lane] : served.lanes) {
        state.backlog += lane.backlog();
        state.held_orders += lane.held_orders();
        state.failing = state.failing || lane.is_failing();
        if (const auto oldest = lane.oldest()) state.oldest = std::max(state.oldest, now - *oldest);
    }
    parts_.observer.state(served.endpoint.id, state);
}

}  // namespace orderflow::worker
