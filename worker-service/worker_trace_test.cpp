// What became of a message is told to whoever follows its trace: in spans when the program traces, and in the log
// always.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "worker-service/worker_rig_test.hpp"

namespace orderflow::worker {
namespace {

namespace samples = orders::samples;
using observe::SpanKind;
using observe::SpanRecord;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr auto sender = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr auto trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";

class Kept final : public observe::SpanSink {
  public:
    void take(SpanRecord span) noexcept override { spans.push_back(std::move(span)); }
    std::vector<SpanRecord> spans;
};

std::string traced_place(std::uint32_t number, const char* token, const char* traceparent = sender) {
    const auto id = samples::order_id(number);
    return contract::encode_place(
        contract::PlaceHead{"evt_" + id.to_string(), id, samples::fingerprint(1), samples::at(0), traceparent},
        contract::encode_draft(samples::draft({{"book", 1}}, samples::token(token))));
}

class WorkerTrace : public ::testing::Test {
  protected:
    void start() {
        rig.tracer = &tracer;
        rig.start_worker();
    }
    std::vector<std::string> names() const {
        std::vector<std::string> result;
        for (const auto& span : kept.spans) result.push_back(span.name);
        return result;
    }
    const SpanRecord& span(std::string_view name) const {
        const auto found = std::ranges::find(kept.spans, name, &SpanRecord::name);
        if (found == kept.spans.end()) throw std::runtime_error("there is no span " + std::string(name));
        return *found;
    }
    static std::string text(const SpanRecord& span, std::string_view key) {
        const auto found = std::ranges::find(span.attributes, key, &SpanRecord::Attribute::key);
        return found == span.attributes.end() ? "" : std::get<std::string>(found->value);
    }

    Kept kept;
    SeededEntropy ids{9};
    FakeClock clock;
    observe::Tracer tracer{{clock, ids, kept}, {}};
    WorkerRig rig;  // last: its workers use the tracer
};

TEST_F(WorkerTrace, GivenAnOrder_WhenItIsConfirmed_ThenEachEffectIsASpanBelowTheMessage) {
    start();
    rig.send(rig.orders, {traced_place(1, "tok_ok")});
    rig.loop.advance(1s);

    EXPECT_THAT(names(), ElementsAre("store place", "payment charge", "store settle_charge", "process orders"));
    const auto& message = span("process orders");
    EXPECT_EQ(message.kind, SpanKind::consumer);
    EXPECT_EQ(message.context.trace_id_text(), trace_id);
    EXPECT_EQ(observe::hex(message.parent), "00f067aa0ba902b7");
    for (const auto* effect : {"store place", "payment charge", "store settle_charge"}) {
        EXPECT_EQ(span(effect).parent, message.context.span_id) << effect;
    }
    EXPECT_EQ(text(message, "orderflow.order.status"), "confirmed");
    EXPECT_EQ(text(message, "orderflow.message.fate"), "removed");
}

TEST_F(WorkerTrace, GivenAnOrder_WhenItsEventsAreRead_ThenEachNamesTheSpanOfTheChangeThatMadeIt) {
    start();
    rig.send(rig.orders, {traced_place(1, "tok_ok")});
    rig.send(rig.letters, {traced_place(2, "tok_ok")});
    rig.loop.advance(1s);

    const auto events = rig.loop.run(rig.memory.events(samples::order_id(1), 0)).value();
    ASSERT_FALSE(events.empty());
    EXPECT_EQ(events.front().traceparent, span("store place").context.to_string());
    EXPECT_EQ(events.back().traceparent, span("store settle_charge").context.to_string());
    const auto held = rig.loop.run(rig.memory.events(samples::order_id(2), 0)).value();
    ASSERT_FALSE(held.empty());
    EXPECT_EQ(held.back().traceparent, span("process orders-dlq").context.to_string());
}

TEST_F(WorkerTrace, GivenAProviderThatIsDown_WhenAnOrderIsTried_ThenTheSpansSayWhy) {
    start();
    rig.payments.set_down(true);
    rig.send(rig.orders, {traced_place(1, "tok_ok")});
    rig.loop.advance(10min);

    EXPECT_FALSE(span("payment charge").error.empty());
    EXPECT_EQ(text(span("payment charge"), "error.type"), span("payment charge").error);
    rig.payments.set_down(false);
    rig.loop.advance(1h);
    EXPECT_EQ(rig.status(1), orders::OrderStatus::confirmed);
}

TEST_F(WorkerTrace, GivenAMessageThatNobodyCanRead_ThenItsTraceShowsTheDeadLetter) {
    start();
    rig.send(rig.orders, {R"({"specversion":"1.0","traceparent":")" + std::string(sender) + R"("})"});
    rig.loop.advance(1s);

    const auto& message = span("process orders");
    EXPECT_EQ(message.context.trace_id_text(), trace_id);
    EXPECT_EQ(message.error, "message.malformed");
    EXPECT_THAT(rig.log_lines.lines,
                HasSubstr(R"("event":"message.dead_lettered","trace_id":")" + std::string(trace_id)));
}

TEST_F(WorkerTrace, GivenCommandsAndLetters_ThenTheyHaveTheirSpansToo) {
    start();
    rig.send(rig.letters, {traced_place(1, "tok_ok")});
    rig.loop.advance(1s);
    rig.redrive("cmd_a", {1});
    rig.loop.advance(1s);

    EXPECT_EQ(span("process orders-dlq").context.trace_id_text(), trace_id);
    EXPECT_EQ(text(span("process orders-commands"), "messaging.destination.name"), "orders-commands");
    EXPECT_EQ(span("process orders").context.trace_id_text(), trace_id) << "the redriven message is the same message";
}

TEST_F(WorkerTrace, GivenACallerThatDoesNotSample_ThenNothingIsRecordedAndItsEventsKeepNoTrace) {
    start();
    rig.send(rig.orders, {traced_place(1, "tok_ok", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")});
    rig.loop.advance(1s);

    EXPECT_TRUE(kept.spans.empty());
    const auto events = rig.loop.run(rig.memory.events(samples::order_id(1), 0)).value();
    EXPECT_FALSE(events.empty());
    for (const auto& event : events) EXPECT_EQ(event.traceparent, "") << event.version;
}

TEST_F(WorkerTrace, GivenNoTracer_ThenTheLogHasTheTraceAndNothingIsRecorded) {
    rig.start_worker();
    rig.send(rig.orders, {traced_place(1, "tok_ok")});
    rig.loop.advance(1s);

    EXPECT_TRUE(kept.spans.empty());
    for (const auto& event : rig.loop.run(rig.memory.events(samples::order_id(1), 0)).value()) {
        EXPECT_EQ(event.traceparent, "") << "nothing is kept";
    }
    EXPECT_THAT(rig.log_lines.lines, HasSubstr(R"("event":"order.settled","trace_id":")" + std::string(trace_id)));
}

}  // namespace
}  // namespace orderflow::worker
