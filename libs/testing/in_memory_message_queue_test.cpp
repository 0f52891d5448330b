// The fake keeps the contract of the port that it stands in for; its faults do what they say.
#include "libs/testing/in_memory_message_queue.hpp"

#include "libs/testing/sim_loop.hpp"
#include "tests/contract/message_queue_contract.hpp"

namespace orderflow {
namespace {

InMemoryMessageQueue::Settings settings(std::string name) {
    InMemoryMessageQueue::Settings result;
    result.name = std::move(name);
    result.max_receive_count = 3;
    return result;
}

struct FakeQueueAdapter {
    SimLoop loop;
    InMemoryMessageQueue letters{loop, loop.clock(), settings("orders-dlq")};
    InMemoryMessageQueue orders_queue{loop, loop.clock(), settings("orders"), &letters};

    orders::MessageQueue& queue() { return orders_queue; }
    orders::MessageQueue& dead_letters() { return letters; }
    std::string name() const { return "orders"; }
    template <class T>
    T run(task<T> work) {
        return loop.run(std::move(work));
    }
    void spawn(task<void> work) { loop.spawn(std::move(work)); }
    void settle() { loop.run_ready(); }
    void pass(BootClock::duration by) { loop.advance(by); }
};

using SendAnswer = Result<std::vector<Result<orders::MessageId>>>;
using Kind = InMemoryMessageQueue::SendFault::Kind;

task<void> store(task<SendAnswer> work, std::optional<SendAnswer>& out) { out.emplace(co_await std::move(work)); }

std::vector<orders::OutgoingMessage> two_messages() {
    return {orders::OutgoingMessage("a"), orders::OutgoingMessage("b")};
}

class QueueFaults : public testing::Test {
  protected:
    void inject(Kind kind, std::size_t entry = 0) {
        adapter.orders_queue.inject({kind, Error(ErrorKind::unavailable, "test.fault"), entry});
    }
    SendAnswer send() { return adapter.run(adapter.orders_queue.send(two_messages())); }

    FakeQueueAdapter adapter;
};

TEST_F(QueueFaults, GivenAFailedCall_ThenNothingWasTaken_AndTheNextOneWorks) {
    inject(Kind::fail_call);

    EXPECT_EQ(send().error().code(), "test.fault");
    EXPECT_TRUE(adapter.orders_queue.bodies().empty());
    EXPECT_TRUE(send());
}

TEST_F(QueueFaults, GivenALostAnswer_ThenEverythingWasTaken) {
    inject(Kind::lose_answer);

    EXPECT_EQ(send().error().code(), "test.fault");
    EXPECT_THAT(adapter.orders_queue.bodies(), testing::ElementsAre("a", "b"));
}

TEST_F(QueueFaults, GivenARefusedEntry_ThenTheOthersWereTaken) {
    inject(Kind::refuse_entry, 1);

    const auto answers = send().value();

    EXPECT_TRUE(answers[0]);
    EXPECT_EQ(answers[1].error().code(), "test.fault");
    EXPECT_THAT(adapter.orders_queue.bodies(), testing::ElementsAre("a"));
}

TEST_F(QueueFaults, GivenAHeldAnswer_ThenItComesWhenReleased) {
    inject(Kind::hold_answer);
    std::optional<SendAnswer> answer;
    adapter.spawn(store(adapter.orders_queue.send(two_messages()), answer));
    adapter.pass(1h);
    EXPECT_FALSE(answer);

    adapter.orders_queue.release_answers();
    adapter.settle();

    EXPECT_TRUE(answer && answer->has_value());
}

TEST_F(QueueFaults, GivenADownQueue_ThenEveryCallSaysSo) {
    adapter.orders_queue.set_down(true);

    EXPECT_EQ(send().error().code(), "queue.down");
    EXPECT_EQ(adapter.run(adapter.orders_queue.counts()).error().code(), "queue.down");
    EXPECT_EQ(adapter.run(adapter.orders_queue.receive({})).error().code(), "queue.down");
}

}  // namespace

namespace orders {
INSTANTIATE_TYPED_TEST_SUITE_P(InMemory, MessageQueueContract, FakeQueueAdapter);
}

}  // namespace orderflow
