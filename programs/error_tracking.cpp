#include "programs/error_tracking.hpp"

#include <array>
#include <utility>

#include "libs/crypto/hex.hpp"
#include "programs/retry_after.hpp"

namespace orderflow {
namespace {

constexpr std::size_t answer_bytes_max = 64 * 1024;

net::ClientRequest request_to(const SentryTarget& target) {
    return {.method = "POST",
            .url = target.url,
            .fields = {{"Content-Type", "application/x-sentry-envelope"},
                       {"User-Agent", "orderflow"},
                       {"X-Sentry-Auth", target.authentication}},
            .body = {},
            .answer_bytes_max = answer_bytes_max};
}

// `pool` outlives it: it ends before the loop does, and the pool after.
task<Result<ErrorForwarder::Answer>> post_envelope(net::HttpPool& pool, net::ClientRequest request, Instant deadline) {
    const auto answered = co_await pool.ask(std::move(request), deadline);
    if (!answered) co_return fail(answered.error());
    ErrorForwarder::Answer answer(answered->status);
    answer.retry_after = retry_after(*answered);
    if (const auto* limits = answered->find("X-Sentry-Rate-Limits")) answer.limit = sentry_error_limit(*limits);
    co_return answer;
}

// `forwarder` outlives it: it outlives its loop.
task<void> send_on_loop(ErrorForwarder& forwarder, std::string envelope) {
    forwarder.send(std::move(envelope));
    co_return;
}

std::string new_event_id(Entropy& entropy) {
    std::array<std::byte, 16> id{};
    entropy.fill(id);
    return crypto::to_hex(id);
}

}  // namespace

std::optional<ErrorTracker> read_error_tracker(SettingsReader& settings, const Environment& environment) {
    constexpr auto name = "ORDERFLOW_SENTRY_DSN";
    const auto profile = settings.text("ORDERFLOW_PROFILE", "development");
    const auto dsn = settings.optional_text(name);
    if (!dsn) return std::nullopt;
    auto target = parse_sentry_dsn(*dsn);
    auto proxies = net::ProxySettings::from(environment);
    if (!target) settings.refuse(name, target.error().detail());
    if (!proxies) settings.refuse(name, "the proxy for it: " + proxies.error().detail());
    if (!target || !proxies) return std::nullopt;
    return ErrorTracker{*std::move(target), *std::move(proxies), profile};
}

std::string error_tracker_help() {
    return "  ORDERFLOW_SENTRY_DSN     where faults of pages are sent to, beside the log: https://KEY@HOST/PROJECT "
           "[]\n";
}

Result<std::unique_ptr<ErrorTracking>> ErrorTracking::start(Parts parts, const std::optional<ErrorTracker>& tracker) {
    if (!tracker) return std::unique_ptr<ErrorTracking>();
    std::unique_ptr<ErrorTracking> tracking(new ErrorTracking(parts, *tracker));
    if (auto opened = tracking->open(*tracker); !opened) return fail(std::move(opened).error());
    return tracking;
}

ErrorTracking::ErrorTracking(Parts parts, const ErrorTracker& tracker)
    : parts_(parts), environment_(tracker.environment), loop_(parts.clock, 1, "client-errors") {}

Result<void> ErrorTracking::open(const ErrorTracker& tracker) {
    net::HttpPoolSettings settings;
    settings.connections_per_server = 1;
    settings.proxies = tracker.proxies;
    auto pool = net::HttpPool::create({loop_.loop(), loop_.executor(), parts_.clock}, std::move(settings));
    if (!pool) return fail(std::move(pool).error());
    pool_ = *std::move(pool);
    forwarder_ = std::make_unique<ErrorForwarder>(
        ErrorForwarder::Parts{loop_.executor(), parts_.clock, parts_.log, parts_.metrics},
        [to = pool_.get(), request = request_to(tracker.target)](std::string envelope, Instant deadline) {
            auto posted = request;
            posted.body = std::move(envelope);
            return post_envelope(*to, std::move(posted), deadline);
        });
    loop_.start();
    loop_.spawn(forwarder_->run());
    parts_.log.info("client_errors.forwarded", {{"server", tracker.target.url.authority()}});
    return {};
}

void ErrorTracking::report(const contract::ClientError& error) {
    const SentryEvent event{.id = new_event_id(parts_.entropy), .at = parts_.clock.wall(), .environment = environment_};
    loop_.spawn(send_on_loop(*forwarder_, encode_sentry_envelope(error, event)));
}

ErrorTracking::~ErrorTracking() {
    loop_.stop();
    if (pool_ != nullptr) pool_->close_idle();
}

std::function<void(const contract::ClientError&)> forward_to(ErrorTracking* tracking) {
    if (tracking == nullptr) return {};
    return [tracking](const contract::ClientError& error) { tracking->report(error); };
}

}  // namespace orderflow
