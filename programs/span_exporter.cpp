#include "programs/span_exporter.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace orderflow {
namespace {

observe::Counter& dropped(observe::Metrics& metrics, const char* reason) {
    return metrics.counter("orderflow_spans_dropped_total", "Finished spans that no collector has.",
                           {{"reason", reason}});
}

bool is_taken(int status) { return status >= 200 && status < 300; }

}  // namespace

SpanExporter::SpanExporter(Parts parts, observe::SpanQueue& spans, observe::ResourceAttributes resource,
                           BootClock::duration answer_time, Post post)
    : parts_(parts),
      spans_(spans),
      resource_(std::move(resource)),
      answer_time_(answer_time),
      post_(std::move(post)),
      more_(parts.timers),
      gate_(parts.timers),
      sent_(parts.metrics.counter("orderflow_spans_sent_total", "Finished spans that the collector took.")),
      refused_(dropped(parts.metrics, "refused")),
      not_sent_(dropped(parts.metrics, "not_sent")) {}

observe::Counter& SpanExporter::dropped_before_sending(observe::Metrics& metrics) {
    return dropped(metrics, "queue_full");
}

task<void> SpanExporter::run() {
    const auto pass = gate_.enter();
    const auto stop = stop_.get_token();
    auto last = End::sent;
    while (!stop.stop_requested()) {
        co_await more_.wait_until(parts_.clock.now() + batch_wait, stop);
        for (auto batch = spans_.draw(batch_max); !batch.empty(); batch = spans_.draw(batch_max)) {
            last = co_await bring(std::move(batch));
            if (stop.stop_requested() && last == End::not_sent) break;
        }
    }
}

task<void> SpanExporter::finish(Instant deadline) {
    end_ = deadline;
    stop_.request_stop();
    co_await gate_.drain_until(deadline);
    if (const auto left = spans_.size() + std::exchange(under_way_, 0); left > 0) {
        not_sent_.add(left);
        parts_.log.warn("traces.dropped_at_end", {{"spans", left}});
    }
}

// In requests that are small enough, each with as many spans as fit when they are halved until they do.
task<SpanExporter::End> SpanExporter::bring(std::vector<observe::SpanRecord> batch) {
    const std::span<const observe::SpanRecord> all(batch);
    under_way_ = batch.size();
    auto last = End::sent;
    std::size_t size = batch.size();
    for (std::size_t from = 0; from < all.size(); from += size) {
        size = std::min(size, all.size() - from);
        auto body = observe::encode_export_request(resource_, all.subspan(from, size));
        while (body.size() > request_bytes_max && size > 1) {
            size /= 2;
            body = observe::encode_export_request(resource_, all.subspan(from, size));
        }
        last = co_await bring_request(std::move(body), size);
    }
    co_return last;
}

task<SpanExporter::End> SpanExporter::bring_request(std::string body, std::size_t spans) {
    const auto stop = stop_.get_token();
    for (int tries = 1;; ++tries) {
        const auto now = parts_.clock.now();
        auto answer = now < end_ ? co_await post_(body, std::min(end_, now + answer_time_))
                                 : Result<Answer>(fail(ErrorKind::unavailable, "traces.no_time"));
        if (answer && is_taken(answer->status)) {
            const auto rejected = std::min<std::uint64_t>(answer->rejected, spans);
            under_way_ -= std::min(spans, under_way_);
            sent_.add(spans - rejected);
            refused_.add(rejected);
            co_return End::sent;
        }
        tell_failure(answer, spans);
        const bool again = may_help_again(answer);
        if (!again || tries == tries_max || stop.stop_requested()) {
            const auto lost = std::min(spans, under_way_);  // finish() may have counted them
            (again ? not_sent_ : refused_).add(lost);
            under_way_ -= lost;
            co_return again ? End::not_sent : End::refused;
        }
        co_await sleep_until(parts_.timers, parts_.clock.now() + pause_before(tries, answer), stop);
    }
}

// Source: OTLP 1.x, "OTLP/HTTP Response": these alone are to be repeated, and what had no answer.
bool SpanExporter::may_help_again(const Result<Answer>& answer) const {
    if (!answer) return answer.error().kind() != ErrorKind::invalid_input;
    return answer->status == 429 || (answer->status >= 502 && answer->status <= 504);
}

BootClock::duration SpanExporter::pause_before(int tries, const Result<Answer>& answer) {
    if (answer && answer->retry_after) return std::min(*answer->retry_after, longest_wait);
    const auto most = std::min<BootClock::duration>(longest_wait, first_wait * (1 << (tries - 1)));
    return BootClock::duration(
        static_cast<std::int64_t>(parts_.entropy.below(static_cast<std::uint64_t>(most.count()) + 1)));
}

// What the address says may be a secret; it is not logged.
void SpanExporter::tell_failure(const Result<Answer>& answer, std::size_t spans) {
    const auto now = parts_.clock.now();
    if (told_at_ && now - *told_at_ < told_every) return;
    told_at_ = now;
    parts_.log.warn("traces.not_sent", {{"spans", spans},
                                        {"code", answer ? std::string("status") : answer.error().code()},
                                        {"status", answer ? answer->status : 0}});
}

}  // namespace orderflow
