#include "programs/telemetry.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <future>
#include <utility>

#include "libs/async/sleep.hpp"
#include "programs/retry_after.hpp"

namespace orderflow {
namespace {

constexpr std::size_t answer_bytes_max = 64 * 1024;
// `pool` outlives it: it ends before the loop does, and the pool after.
task<Result<SpanExporter::Answer>> post_spans(net::HttpPool& pool, net::ClientRequest request, Instant deadline) {
    const auto answered = co_await pool.ask(std::move(request), deadline);
    if (!answered) co_return fail(answered.error());
    SpanExporter::Answer answer(answered->status);
    answer.retry_after = retry_after(*answered);
    answer.rejected = observe::rejected_spans(answered->body);
    co_return answer;
}

// `signer` and `pool` outlive it, likewise.
task<Result<SpanExporter::Answer>> post_signed(SpanSigner& signer, net::HttpPool& pool, net::ClientRequest request,
                                               Instant deadline) {
    if (auto done = co_await signer.sign(request, deadline); !done) co_return fail(std::move(done).error());
    co_return co_await post_spans(pool, std::move(request), deadline);
}

net::ClientRequest request_to(const TraceSettings& settings) {
    net::ClientRequest request;
    request.method = "POST";
    request.url = settings.url;
    request.fields = settings.fields;
    request.fields.push_back({.name = "Content-Type", .value = "application/json"});
    request.fields.push_back({.name = "User-Agent", .value = "orderflow"});
    request.answer_bytes_max = answer_bytes_max;
    return request;
}

observe::ResourceAttributes with_instance(observe::ResourceAttributes resource, Entropy& entropy) {
    std::array<std::uint8_t, 16> id{};
    entropy.fill(std::as_writable_bytes(std::span(id)));
    const auto named = [&](std::string_view key) {
        return std::ranges::any_of(resource, [key](const auto& entry) { return entry.first == key; });
    };
    if (!named("service.instance.id")) resource.emplace_back("service.instance.id", observe::hex(id));
    if (!named("telemetry.sdk.language")) resource.emplace_back("telemetry.sdk.language", "cpp");
    if (!named("telemetry.sdk.name")) resource.emplace_back("telemetry.sdk.name", "orderflow");
    return resource;
}

// Both outlive it: the caller waits.
task<void> finish_on_loop(SpanExporter& exporter, Instant deadline, std::promise<void>& done) {
    co_await exporter.finish(deadline);
    done.set_value();
}

// `exporter` outlives it: it outlives its loop.
task<void> hurry_on_loop(SpanExporter& exporter) {
    exporter.hurry();
    co_return;
}

}  // namespace

Telemetry::Telemetry(Parts parts) : parts_(parts) {}

Result<std::unique_ptr<Telemetry>> Telemetry::start(Parts parts, const TelemetrySettings& settings) {
    std::unique_ptr<Telemetry> telemetry(new Telemetry(parts));
    if (!settings.traces && !settings.emf_every) return telemetry;
    telemetry->loop_ = std::make_unique<net::Runtime>(parts.clock, 1, "telemetry");
    if (settings.traces) {
        if (auto ready = telemetry->send_traces(*settings.traces); !ready) return fail(std::move(ready).error());
    }
    telemetry->loop_->start();
    if (settings.emf_every) {
        telemetry->stdout_ = observe::make_stream_sink(observe::LogStream::standard_output);
        telemetry->emf_ = std::make_unique<observe::EmfWriter>(settings.service);
        telemetry->loop_->spawn(telemetry->write_metrics_for_ever(*settings.emf_every));
    }
    if (settings.traces) telemetry->loop_->spawn(telemetry->exporter_->run());
    return telemetry;
}

Result<void> Telemetry::send_traces(const TraceSettings& settings) {
    net::HttpPoolSettings pool_settings;
    pool_settings.connections_per_server = 1;
    pool_settings.proxies = settings.proxies;
    if (settings.signing) {
        auto signer = SpanSigner::open({*loop_, parts_.clock, parts_.entropy, parts_.log}, *settings.signing);
        if (!signer) return fail(std::move(signer).error());
        signer_ = *std::move(signer);
        pool_settings.ca_bundle = signer_->ca_bundle();
    }
    auto pool = net::HttpPool::create({loop_->loop(), loop_->executor(), parts_.clock}, std::move(pool_settings));
    if (!pool) return fail(std::move(pool).error());
    pool_ = *std::move(pool);
    spans_ = std::make_unique<observe::SpanQueue>(SpanExporter::waiting_max,
                                                  SpanExporter::dropped_before_sending(parts_.metrics));
    exporter_ = std::make_unique<SpanExporter>(
        SpanExporter::Parts{loop_->executor(), parts_.clock, parts_.entropy, parts_.log, parts_.metrics}, *spans_,
        with_instance(settings.resource, parts_.entropy), settings.answer_time,
        [to = pool_.get(), signer = signer_.get(), request = request_to(settings)](std::string body, Instant deadline) {
            auto posted = request;
            posted.body = std::move(body);
            return signer == nullptr ? post_spans(*to, std::move(posted), deadline)
                                     : post_signed(*signer, *to, std::move(posted), deadline);
        });
    spans_->when_waiting(SpanExporter::batch_max, [this] { loop_->spawn(hurry_on_loop(*exporter_)); });
    tracer_ = std::make_unique<observe::Tracer>(observe::Tracer::Parts{parts_.clock, parts_.entropy, *spans_},
                                                settings.sampler);
    parts_.log.info("traces.on", {{"server", settings.url.authority()}});
    return {};
}

task<void> Telemetry::write_metrics_for_ever(std::chrono::seconds every) {
    for (;;) {
        co_await sleep_until(loop_->executor(), parts_.clock.now() + every);
        write_metrics();
    }
}

void Telemetry::write_metrics() {
    for (const auto& line : emf_->lines(parts_.metrics.read(), parts_.clock.wall())) {
        stdout_->write(observe::LogLevel::info, line);
    }
}

Telemetry::~Telemetry() {
    if (!stopped_) end(parts_.clock.now());
}

void Telemetry::stop(Instant deadline) {
    if (std::exchange(stopped_, true)) return;
    end(deadline);
    if (emf_ != nullptr) write_metrics();
}

// The loop stays, without a thread: a span that ends later finds a queue, and nobody who sends it.
void Telemetry::end(Instant deadline) {
    if (loop_ == nullptr) return;
    if (exporter_ != nullptr) {
        std::promise<void> done;
        loop_->spawn(finish_on_loop(*exporter_, std::min(deadline, parts_.clock.now() + flush_max), done));
        done.get_future().wait();
    }
    loop_->stop();
    if (pool_ != nullptr) pool_->close_idle();
    if (signer_ != nullptr) signer_->close();
}

}  // namespace orderflow
