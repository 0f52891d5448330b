#include "orderflow/load/load_loop.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "libs/async/asio_executor.hpp"
#include "orderflow/load/answer.hpp"
#include "orderflow/load/attempt_book.hpp"
#include "orderflow/load/counter_pages.hpp"
#include "orderflow/load/job_source.hpp"
#include "orderflow/load/order_tracker.hpp"
#include "orderflow/load/request_text.hpp"

namespace orderflow::load {
namespace {

constexpr auto tick = 20ms;
constexpr auto live_interval = 1s;
constexpr auto settle_interval = 10ms;
constexpr std::int64_t ns_per_s = 1'000'000'000;

struct Cpu {
    std::chrono::microseconds user{};
    std::chrono::microseconds system{};
};

Cpu cpu_of_this_process() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto of = [](const timeval& time) {
        return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
    };
    return {of(usage.ru_utime), of(usage.ru_stime)};
}

std::vector<MetricsPage> pages_of(const LoadOptions& options) {
    std::vector<MetricsPage> pages{{.server = options.server, .host = options.host}};
    pages.insert(pages.end(), options.more_metrics.begin(), options.more_metrics.end());
    return pages;
}

// A connection and what it is busy with.
struct Slot {
    std::unique_ptr<net::HttpClient> client;
    Job job;
    Instant due{};
    WallTime sent_at{};
};

}  // namespace

struct LoadLoop::Impl : net::HttpClient::Listener {
    Impl(const LoadOptions& o, const Clock& c, Live l)
        : options(o),
          clock(c),
          live(std::move(l)),
          timers(loop.get_executor(), clock),
          planner(o.seed, o.mix, o.skus, o.flash_sale),
          text(planner, o.host, o.path),
          jobs(o.seed, o.mix, o.orders),
          counters(loop, pages_of(o), clock, o.answer_within) {}

    Result<LoadResult> run();
    Result<void> open_ledger();
    void heed_signals();
    void begin();
    void dispatch();
    bool start(std::size_t slot, Instant due);
    bool next_job(Job& job);
    Instant due_at(std::uint64_t arrival) const;
    std::uint64_t due_before(Instant end) const;
    void finished(Slot& slot, Instant now);
    void answered(net::HttpClient& client, const net::HttpAnswer& answer) override;
    void failed(net::HttpClient& client, net::HttpFailure failure) override;
    AttemptBook::Times times_of(const Slot& slot, Instant now) const;
    std::string_view body_of(const Slot& slot) const;
    void on_tick();
    void on_live();
    void stop_sending(std::string reason);
    void end_if_done(Instant now);
    void wait_until_settled();
    bool all_settled() const;
    void run_a_moment();
    std::string live_line();
    std::string settling_line() const;
    std::int64_t seconds_since_begin() const {
        return std::chrono::duration_cast<std::chrono::seconds>(clock.now() - began).count();
    }

    LoadOptions options;
    const Clock& clock;
    Live live;
    boost::asio::io_context loop{1};
    boost::asio::signal_set signals{loop, SIGINT, SIGTERM};
    AsioExecutor timers;
    OrderPlanner planner;
    RequestText text;
    JobSource jobs;
    std::optional<LedgerWriter> ledger;
    std::optional<AttemptBook> book;
    LoadResult result;
    std::optional<Error> broken;

    std::vector<Slot> slots;
    std::vector<std::size_t> idle;     // slots without a request
    std::vector<std::size_t> resting;  // slots that found nobody: until the next tick
    std::vector<std::unique_ptr<OrderTracker>> trackers;
    CounterPages counters;

    Instant began{};
    Instant last_answer{};
    Instant end_of_sending = Instant::max();
    Instant end_of_waiting = Instant::max();
    std::uint64_t arrivals = 0;  // requests that were due so far
    std::uint64_t live_sent = 0;
    bool timer_set = false;  // for what is due next
    bool sending = true;
    bool done = false;
};

Result<void> LoadLoop::Impl::open_ledger() {
    if (options.ledger.empty()) return {};
    auto writer = LedgerWriter::open(options.ledger, fmt::format("load-{:016x}", options.seed), clock.wall());
    if (!writer) return fail(std::move(writer).error());
    ledger.emplace(*std::move(writer));
    return {};
}

Result<LoadResult> LoadLoop::Impl::run() {
    if (auto opened = open_ledger(); !opened) return fail(std::move(opened).error());
    book.emplace(planner, ledger ? &*ledger : nullptr);
    began = clock.now();
    heed_signals();
    counters.ask();
    while (counters.told() == 0 && sending) run_a_moment();

    const auto cpu = cpu_of_this_process();
    begin();
    while (!done && !broken) loop.run_one();
    const auto cpu_after = cpu_of_this_process();
    if (options.settle_within.count() > 0 && !broken) wait_until_settled();
    if (ledger && !broken) {
        if (auto finished = ledger->finish(); !finished) broken = finished.error();
    }
    if (broken) return fail(*std::move(broken));
    result.counts = book->counts();
    result.latency = book->latency();
    result.sending = last_answer - began;
    result.cpu_user = cpu_after.user - cpu.user;
    result.cpu_system = cpu_after.system - cpu.system;
    result.settle_wanted = options.settle_within.count() > 0;
    result.settled_orders = counters.settled_since_start();
    result.rejected_orders = counters.rejected_since_start();
    return std::move(result);
}

// The first signal ends the sending, the next one the waiting for what is outstanding.
void LoadLoop::Impl::heed_signals() {
    signals.async_wait([this](const boost::system::error_code& ended, int) {
        if (ended) return;
        if (!sending) end_of_waiting = clock.now();
        stop_sending("interrupted");
        heed_signals();
    });
}

void LoadLoop::Impl::begin() {
    slots.resize(options.connections);
    for (std::size_t i = 0; i < slots.size(); ++i) {
        slots[i].client = std::make_unique<net::HttpClient>(loop, options.server, *this);
        slots[i].client->tag = i;
        idle.push_back(slots.size() - 1 - i);
    }
    for (std::size_t i = 0; i < options.trackers; ++i) {
        trackers.push_back(std::make_unique<OrderTracker>(loop, options.server, timers, clock, text, result.confirmed));
    }
    began = last_answer = clock.now();
    if (options.duration.count() > 0) end_of_sending = began + options.duration;
    timers.post_at(began + tick, [this] { on_tick(); });
    timers.post_at(began + live_interval, [this] { on_live(); });
    dispatch();
}

// The scheduled time of the n-th request, counted from 0.
Instant LoadLoop::Impl::due_at(std::uint64_t arrival) const {
    const auto rate = static_cast<std::int64_t>(*options.rate);
    const auto n = static_cast<std::int64_t>(arrival);
    return began + std::chrono::nanoseconds(n / rate * ns_per_s + n % rate * ns_per_s / rate);
}

// How many requests the schedule has in front of `end`; not fewer than were sent.
std::uint64_t LoadLoop::Impl::due_before(Instant end) const {
    const auto ns = std::chrono::nanoseconds(end - began).count();
    auto due = static_cast<std::uint64_t>(static_cast<unsigned __int128>(ns) * *options.rate / ns_per_s);
    if (options.orders != 0) due = std::min(due, options.orders);
    return std::max(due, arrivals);
}

// Sends what is due on connections that have nothing to do.
void LoadLoop::Impl::dispatch() {
    if (done) return;
    const auto now = clock.now();
    while (!idle.empty()) {
        const auto due = sending && options.rate ? due_at(arrivals) : now;
        if (due > now || (sending && due >= end_of_sending)) break;
        const auto slot = idle.back();
        idle.pop_back();
        if (!start(slot, due)) {
            idle.push_back(slot);
            break;
        }
    }
    if (sending && now >= end_of_sending) {
        stop_sending("");
        return dispatch();  // what has to be repeated
    }
    if (sending && options.rate && !idle.empty() && !timer_set) {
        timer_set = true;
        timers.post_at(due_at(arrivals), [this] {
            timer_set = false;
            dispatch();
        });
    }
    end_if_done(now);
}

bool LoadLoop::Impl::next_job(Job& job) { return sending ? jobs.next(job) : jobs.next_retry(job); }

bool LoadLoop::Impl::start(std::size_t index, Instant due) {
    auto& slot = slots[index];
    if (!next_job(slot.job)) {
        if (sending) stop_sending("");
        return false;
    }
    if (sending) ++arrivals;
    auto& request = slot.client->request();
    if (slot.job.kind == Job::Kind::cancel) {
        text.cancel(slot.job.order_id, request);
    } else {
        text.place(planner.plan(slot.job.number, slot.job.kind == Job::Kind::reuse), request);
    }
    slot.due = due;
    if (ledger) slot.sent_at = clock.wall();
    slot.client->send(clock.now() + options.answer_within);
    return true;
}

AttemptBook::Times LoadLoop::Impl::times_of(const Slot& slot, Instant now) const {
    return {slot.sent_at, ledger ? clock.wall() : WallTime(), now - slot.due};
}

std::string_view LoadLoop::Impl::body_of(const Slot& slot) const {
    const std::string_view request = slot.client->request();
    return request.substr(request.find("\r\n\r\n") + 4);
}

void LoadLoop::Impl::answered(net::HttpClient& client, const net::HttpAnswer& answer) {
    auto& slot = slots[client.tag];
    const auto now = clock.now();
    book->answered(slot.job, answer, ledger ? body_of(slot) : std::string_view(), times_of(slot, now));
    const auto outcome = outcome_of(answer);
    if (outcome == audit::Outcome::unknown) {
        jobs.outcome_unknown(slot.job, false);
    } else if (outcome == audit::Outcome::ok && slot.job.kind == Job::Kind::place) {
        const auto id = id_in(answer.body);
        jobs.acknowledged(slot.job.number, id);
        for (const auto& tracker : trackers) {
            if (id.empty() || !tracker->is_free()) continue;
            tracker->follow(id, now);
            break;
        }
    }
    finished(slot, now);
}

void LoadLoop::Impl::failed(net::HttpClient& client, net::HttpFailure failure) {
    auto& slot = slots[client.tag];
    const auto now = clock.now();
    book->failed(slot.job, failure, ledger ? body_of(slot) : std::string_view(), times_of(slot, now));
    if (failure != net::HttpFailure::not_sent) {
        jobs.outcome_unknown(slot.job, false);
        return finished(slot, now);
    }
    if (!options.keep_going) stop_sending("nobody listens at " + options.server.to_string());
    // A retry that did not leave stays as open as it was.
    if (slot.job.kind == Job::Kind::retry && options.keep_going) jobs.outcome_unknown(slot.job, true);
    resting.push_back(client.tag);
    end_if_done(now);
}

void LoadLoop::Impl::finished(Slot& slot, Instant now) {
    last_answer = now;
    idle.push_back(slot.client->tag);
    dispatch();
}

void LoadLoop::Impl::on_tick() {
    const auto now = clock.now();
    for (auto& slot : slots) slot.client->expire_if_due(now);
    for (auto& tracker : trackers) tracker->expire_if_due(now);
    counters.expire_if_due(now);
    if (ledger) {
        if (auto written = ledger->flush(); !written) broken = written.error();
    }
    idle.insert(idle.end(), resting.begin(), resting.end());
    resting.clear();
    dispatch();
    if (!done) timers.post_at(now + tick, [this] { on_tick(); });
}

// The first reason counts; there is none when everything was sent.
void LoadLoop::Impl::stop_sending(std::string reason) {
    if (result.stopped_because.empty()) result.stopped_because = std::move(reason);
    if (!std::exchange(sending, false)) return;
    const auto now = clock.now();
    end_of_waiting = now + options.answer_within;
    if (options.rate) result.overdue = due_before(std::min(now, end_of_sending)) - arrivals;
}

void LoadLoop::Impl::end_if_done(Instant now) {
    if (sending || done) return;
    const bool nothing_outstanding = idle.size() + resting.size() == slots.size();
    // With connections resting there may be retries that wait for the server.
    done = (nothing_outstanding && resting.empty()) || now >= end_of_waiting;
}

std::string LoadLoop::Impl::live_line() {
    const auto& counts = book->counts();
    const auto recent = book->take_recent();
    const auto settled = counters.settled_since_start();
    const auto rate = counts.sent - std::exchange(live_sent, counts.sent);
    return fmt::format("{:4} s  {:6}/s  sent {}  accepted {}  settled {}  errors {}  p50 {}  p99 {}",
                       seconds_since_begin(), rate, counts.sent, counts.accepted,
                       settled ? fmt::format("{}", *settled) : std::string("?"), counts.errors,
                       duration_text(recent.at(500)), duration_text(recent.at(990)));
}

void LoadLoop::Impl::on_live() {
    if (done) return;
    live(live_line());
    counters.ask();
    timers.post_at(clock.now() + live_interval, [this] { on_live(); });
}

// Every acknowledged order left the queue, and the counter says so too where it can be compared: not after a restart,
// which sets it to zero, nor with cancels, which settle an order twice. The counter alone says nothing: orders of
// before may have settled meanwhile.
bool LoadLoop::Impl::all_settled() const {
    const auto newest = counters.newest();
    if (!newest || !newest->queued || *newest->queued != 0) return false;
    const auto settled = counters.settled_since_start();
    return !settled || options.mix.cancel != 0 || *settled >= book->counts().accepted;
}

// One turn of the loop, or a short while without one, so that deadlines are seen when nothing happens.
void LoadLoop::Impl::run_a_moment() {
    loop.run_one_for(settle_interval);
    const auto now = clock.now();
    counters.expire_if_due(now);
    for (auto& tracker : trackers) tracker->expire_if_due(now);
}

void LoadLoop::Impl::wait_until_settled() {
    const auto from = clock.now();
    end_of_waiting = from + options.settle_within;
    counters.begin_anew();
    auto told = counters.told();
    auto ask_at = from;
    auto live_at = from + live_interval;
    for (auto now = from; now < end_of_waiting; now = clock.now()) {
        if (now >= ask_at) {
            ask_at = now + settle_interval;
            counters.ask();
        }
        if (now >= live_at) {
            live_at += live_interval;
            live(settling_line());
        }
        run_a_moment();
        if (counters.told() == told) continue;
        told = counters.told();
        if (all_settled()) {
            result.settled_after = clock.now() - began;
            return;
        }
    }
}

std::string LoadLoop::Impl::settling_line() const {
    const auto newest = counters.newest();
    return fmt::format(
        "{:4} s  {}", seconds_since_begin(),
        settling_text(book->counts(), counters.settled_since_start(), newest ? newest->queued : std::nullopt));
}

LoadLoop::LoadLoop(const LoadOptions& options, const Clock& clock, Live live)
    : impl_(std::make_unique<Impl>(options, clock, std::move(live))) {}

LoadLoop::~LoadLoop() = default;

Result<LoadResult> LoadLoop::run() { return impl_->run(); }

}  // namespace orderflow::load
