// The endpoint of a topic: made because the configuration says so, served by those that are configured for it. Time is
// virtual.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "libs/storage/memory/in_memory_order_store.hpp"
#include "libs/testing/order_samples.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/sim_loop.hpp"
#include "worker-service/dispatch_rig_test.hpp"
#include "worker-service/event_dispatcher.hpp"
#include "worker-service/topic_declaration.hpp"

namespace orderflow::worker {
namespace {

using orders::samples::order_id;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::string id = "wh_0123456789abcdef0123456789abcdef";
const std::string arn = "arn:aws:sns:eu-west-1:123456789012:orders";

// The port, with a switch.
class SwitchableOperators final : public orders::OperatorStore {
  public:
    explicit SwitchableOperators(orders::OperatorStore& store) : store_(store) {}
    bool down = false;
    task<Result<orders::OperatorStep>> operate(orders::OperatorChange change) override {
        if (down) co_return fail(ErrorKind::unavailable, "store.down");
        co_return co_await store_.operate(std::move(change));
    }

  private:
    orders::OperatorStore& store_;
};

class Topic : public ::testing::Test {
  protected:
    struct Worker {
        Worker(Topic& test, const std::string& command)
            : operators(test.memory),
              receiver(test.loop),
              dispatcher({test.memory, test.memory, test.memory, receiver, observer, entropy}, test.parts(),
                         DispatchPolicy()),
              declaration({test.memory, operators, observer}, test.parts(), {id, arn, command}) {}
        SwitchableOperators operators;
        Receiver receiver;
        SilentObserver observer;
        SeededEntropy entropy{1};
        EventDispatcher dispatcher;
        TopicDeclaration declaration;
    };

    ~Topic() override {
        for (auto& worker : workers) {
            loop.run(worker->dispatcher.stop(loop.clock().now() + 60s));
            loop.run(worker->declaration.stop(loop.clock().now() + 60s));
        }
    }
    orders::LoopParts parts() { return {loop, Spawner(loop.context().get_executor()), loop.clock()}; }
    Worker& make(const std::string& command = "c1") {
        workers.push_back(std::make_unique<Worker>(*this, command));
        return *workers.back();
    }
    Worker& start(const std::string& command = "c1") {
        auto& worker = make(command);
        worker.dispatcher.start();
        worker.declaration.start();
        return worker;
    }
    void confirm(std::uint32_t number) {
        std::vector<orders::Change> changes;
        const auto order = order_id(number);
        auto place = orders::samples::place(order, orders::samples::draft({{"mug", 1}}));
        place.tenant_id = "acme";
        changes.emplace_back(std::move(place));
        changes.emplace_back(
            orders::SettleCharge(order, orders::charge_effect(order), orders::EffectState::captured, "p"));
        (void)loop.run(memory.apply(std::move(changes)));
    }
    orders::CommandState command(const std::string& name, orders::EndpointWish wish) {
        orders::OperatorCommand wanted(name, orders::EndpointCommand(id, std::move(wish)), loop.clock().wall());
        (void)loop.run(memory.operate(std::move(wanted)));
        return loop.run(memory.command(name)).value().value().state;
    }
    std::optional<orders::EventEndpoint> endpoint() { return loop.run(memory.endpoint(id)).value(); }

    static std::vector<orders::ShelfItem> catalogue() {
        std::vector<orders::ShelfItem> items;
        for (const auto& [sku, item] : orders::samples::SampleShelf().items()) items.push_back(item);
        return items;
    }
    SimLoop loop;
    orders::TablePricing pricing = orders::samples::pricing();
    storage::InMemoryOrderStore memory{loop.clock(), pricing, catalogue()};
    std::vector<std::unique_ptr<Worker>> workers;
};

TEST_F(Topic, GivenAStoreThatIsDown_WhenItIsBack_ThenTheEndpointIsMadeAllTheSame) {
    auto& worker = make();
    worker.operators.down = true;
    worker.declaration.start();
    loop.advance(12s);
    EXPECT_FALSE(endpoint());
    EXPECT_EQ(worker.observer.store_failures, 3);
    worker.operators.down = false;
    loop.advance(5s);
    EXPECT_TRUE(endpoint());
    EXPECT_THAT(worker.observer.declared_ids, ElementsAre(id));
}

TEST_F(Topic, GivenAConfiguredTopic_WhenTheWorkerStarts_ThenItsEndpointIsThereWithoutASecretAndItsRecordSaysWhy) {
    start();
    loop.advance(2s);
    ASSERT_TRUE(endpoint());
    EXPECT_EQ(endpoint()->settings.url, arn);
    EXPECT_EQ(endpoint()->settings.mode, orders::ContentMode::structured);
    EXPECT_THAT(endpoint()->secrets, IsEmpty());
    const auto record = loop.run(memory.command("c1")).value().value();
    EXPECT_EQ(record.by, "configuration");
    EXPECT_EQ(record.state, orders::CommandState::done);
}

TEST_F(Topic, GivenAnEndpointThatIsThere_WhenWorkersStartAgain_ThenItStaysAsOperatorsLeftIt) {
    start("c1");
    start("c2");
    loop.advance(2s);
    EXPECT_EQ(command("pause", orders::UpdateEndpoint{.enabled = false}), orders::CommandState::done);
    auto& worker = start("c3");
    loop.advance(10s);
    EXPECT_FALSE(endpoint()->enabled);
    EXPECT_THAT(worker.observer.declared_ids, IsEmpty());
    EXPECT_FALSE(loop.run(memory.command("c3")).value()) << "no command was needed";
}

TEST_F(Topic, GivenEvents_WhenTheyAreSent_ThenTheyNameTheTenantOfTheirOrder) {
    auto& worker = start();
    loop.advance(2s);
    confirm(1);
    loop.advance(2s);
    EXPECT_FALSE(worker.receiver.tenants.empty());
    EXPECT_THAT(worker.receiver.tenants, Each("acme"));
}

TEST_F(Topic, GivenManyOrders_WhenTheTopicIsSlow_ThenFortyEventsAreUnderWayAndOfOneOrderOne) {
    auto& worker = start();
    worker.receiver.takes = 3s;
    loop.advance(2s);
    for (std::uint32_t i = 1; i <= 60; ++i) confirm(i);
    loop.advance(2s);
    EXPECT_EQ(worker.receiver.at_once_max, 40U);
    std::set<std::string> orders;
    for (const auto& event : worker.receiver.seen) orders.insert(event.substr(0, event.find(':')));
    EXPECT_EQ(orders.size(), worker.receiver.seen.size());
    loop.advance(120s);
}

TEST_F(Topic, GivenAWorkerWithoutTheConfiguration_WhenAnotherHasIt_ThenTheTopicIsLeftToThatOneAndCounted) {
    auto& without = make();
    without.receiver.knows_topics = false;
    without.dispatcher.start();
    auto& with = make("c2");
    with.declaration.start();
    loop.advance(3s);
    confirm(1);
    loop.advance(60s);
    EXPECT_THAT(without.receiver.seen, IsEmpty());
    EXPECT_EQ(without.observer.counts.not_served, 1U);
    EXPECT_EQ(without.observer.counts.enabled, 1U);
    with.dispatcher.start();
    loop.advance(5s);
    EXPECT_THAT(with.receiver.seen, Not(IsEmpty())) << "what waited for it";
    EXPECT_EQ(with.observer.counts.not_served, 0U);
}

TEST_F(Topic, GivenATopic_WhenItsNameItsModeOrASecretIsAskedFor_ThenItIsRefused) {
    start();
    loop.advance(2s);
    EXPECT_EQ(command("u", orders::UpdateEndpoint{.url = "https://shop.example/"}), orders::CommandState::refused);
    EXPECT_EQ(command("m", orders::UpdateEndpoint{.mode = orders::ContentMode::binary}), orders::CommandState::refused);
    EXPECT_EQ(command("s", orders::RotateSecret{"whsec_x"}), orders::CommandState::refused);
    orders::UpdateEndpoint filter;
    filter.events = std::vector{orders::EventType::order_confirmed};
    EXPECT_EQ(command("e", filter), orders::CommandState::done);
    EXPECT_EQ(endpoint()->settings.url, arn);
    EXPECT_THAT(endpoint()->secrets, IsEmpty());
    EXPECT_THAT(endpoint()->settings.events, SizeIs(1));
}

TEST_F(Topic, GivenNoRoomForAnotherEndpoint_WhenTheWorkerStarts_ThenItSaysSoOnceAndTheRestGoesOn) {
    for (std::size_t i = 0; i < orders::limits::endpoints_max; ++i) {
        orders::CreateEndpoint create{.settings = {.url = "https://shop.example/"}, .secret = "whsec_x"};
        orders::OperatorCommand wanted("e" + std::to_string(i),
                                       orders::EndpointCommand("wh_" + std::to_string(i), std::move(create)),
                                       loop.clock().wall());
        (void)loop.run(memory.operate(std::move(wanted)));
    }
    auto& worker = make();
    worker.declaration.start();
    loop.advance(60s);
    EXPECT_FALSE(endpoint());
    EXPECT_EQ(worker.observer.store_failures, 1);
}

}  // namespace
}  // namespace orderflow::worker
