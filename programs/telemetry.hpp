// Telemetry: what a program tells to collectors beside /metrics: its traces over OTLP/HTTP, its metrics as EMF lines on
// stdout. On a thread of its own; when neither is wanted there is no thread, and tracer() is null.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "libs/base/entropy.hpp"
#include "libs/base/result.hpp"
#include "libs/net/http_pool.hpp"
#include "libs/net/runtime.hpp"
#include "libs/observe/emf.hpp"
#include "libs/observe/log.hpp"
#include "libs/observe/metrics.hpp"
#include "libs/observe/span_queue.hpp"
#include "libs/observe/tracer.hpp"
#include "programs/span_exporter.hpp"
#include "programs/span_signer.hpp"
#include "programs/telemetry_settings.hpp"

namespace orderflow {

class Telemetry {
  public:
    // Of the drain time, for spans that wait: a collector that is away must not keep a program from ending.
    static constexpr BootClock::duration flush_max = 5s;

    // All outlive it.
    struct Parts {
        const Clock& clock;
        Entropy& entropy;
        const observe::Logger& log;
        observe::Metrics& metrics;
    };
    // Begins at once. Errors: HttpPool::create(), AwsIdentity::open().
    static Result<std::unique_ptr<Telemetry>> start(Parts parts, const TelemetrySettings& settings);
    // As stop() without time; writes no metrics, as what they are read from may be gone.
    ~Telemetry();
    Telemetry(const Telemetry&) = delete;
    Telemetry& operator=(const Telemetry&) = delete;

    // Null: nobody wants traces. Outlives its spans: whatever holds one is destroyed before.
    observe::Tracer* tracer() noexcept { return tracer_.get(); }

    // After everything that makes spans has stopped. Sends what waits, until `deadline` and for flush_max at most, and
    // writes the metrics once more. Idempotent. Blocks.
    void stop(Instant deadline);

  private:
    explicit Telemetry(Parts parts);
    Result<void> send_traces(const TraceSettings& settings);
    task<void> write_metrics_for_ever(std::chrono::seconds every);
    void write_metrics();
    void end(Instant deadline);

    Parts parts_;
    std::unique_ptr<observe::SpanQueue> spans_;
    std::unique_ptr<observe::Tracer> tracer_;
    std::unique_ptr<observe::LogSink> stdout_;  // of EMF
    std::unique_ptr<observe::EmfWriter> emf_;
    std::unique_ptr<SpanSigner> signer_;  // of X-Ray's endpoint
    std::unique_ptr<net::HttpPool> pool_;
    std::unique_ptr<SpanExporter> exporter_;
    std::unique_ptr<net::Runtime> loop_;  // last: its coroutines refer to everything above
    bool stopped_ = false;
};

}  // namespace orderflow
