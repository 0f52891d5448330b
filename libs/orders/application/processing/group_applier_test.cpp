#include "libs/orders/application/processing/group_applier.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/async/sleep.hpp"
#include "libs/testing/order_samples.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/sim_loop.hpp"

namespace orderflow::orders {
namespace {

using testing::ElementsAre;

// Takes 10 ms for a transaction and keeps what was in it.
class SlowStore final : public OrderStore {
  public:
    explicit SlowStore(SimLoop& loop) : loop_(loop) {}
    task<Result<std::vector<Result<Step>>>> apply(std::vector<Change> group) override {
        ++applies;
        EXPECT_FALSE(std::exchange(busy_, true)) << "two transactions at once";
        co_await sleep_until(loop_, loop_.clock().now() + 10ms);
        busy_ = false;
        if (error) co_return fail(Error(*error));
        std::vector<Result<Step>> steps;
        std::vector<std::string> names;
        for (const auto& change : group) {
            const auto& name = std::get<ParkMessage>(change).letter.message_id;
            if (name == poison && group.size() > 1) co_return fail(ErrorKind::conflict, "store.poisoned");
            names.push_back(name);
            steps.emplace_back(Step(Step::Kind::finished));
            if (name == poison) steps.back() = fail(ErrorKind::conflict, "store.poisoned");
        }
        groups.push_back(std::move(names));
        co_return steps;
    }

    std::optional<Error> error;
    std::string poison;
    int applies = 0;
    std::vector<std::vector<std::string>> groups;

  private:
    SimLoop& loop_;
    bool busy_ = false;
};

class Watch final : public GroupObserver {
  public:
    void group_applied(std::size_t changes, BootClock::duration) override { sizes.push_back(changes); }
    void store_down(const Error& why) override { news.push_back("down " + why.code()); }
    void store_up() override { news.emplace_back("up"); }
    std::vector<std::size_t> sizes;
    std::vector<std::string> news;
};

class Applier : public ::testing::Test {
  protected:
    void apply(std::string name, Lane lane = {}) { loop.spawn(await_step(std::move(name), lane)); }
    task<void> await_step(std::string name, Lane lane) {  // the fixture outlives it
        const auto step = co_await applier.apply(ParkMessage(samples::letter(name)), lane);
        answers.push_back(name + (step ? " ok" : " " + step.error().code()));
    }
    static GroupPolicy policy() {
        GroupPolicy result;
        result.changes_max = 3;
        result.pace = 15ms;
        return result;
    }

    SimLoop loop;
    SlowStore store{loop};
    SeededEntropy entropy{1};
    Watch watch;
    GroupApplier applier{store, LoopParts{loop, Spawner(loop.context().get_executor()), loop.clock()}, entropy,
                         policy(), watch};
    std::vector<std::string> answers;
};

TEST_F(Applier, GivenAnIdleStore_WhenAChangeComes_ThenItGoesAtOnce) {
    apply("a");
    loop.run_ready();
    EXPECT_EQ(store.applies, 1);
    loop.advance(10ms);
    EXPECT_THAT(answers, ElementsAre("a ok"));
}

TEST_F(Applier, GivenATransactionUnderWay_WhenChangesCome_ThenTheyShareTheNextUpToTheBound) {
    apply("a");
    loop.run_ready();
    for (const auto* name : {"b", "c", "d", "e"}) apply(name);
    loop.advance(1s);

    EXPECT_THAT(store.groups, ElementsAre(ElementsAre("a"), ElementsAre("b", "c", "d"), ElementsAre("e")));
    EXPECT_THAT(watch.sizes, ElementsAre(1U, 3U, 1U));
    EXPECT_EQ(answers.size(), 5U);
}

TEST_F(Applier, GivenAStoreThatIsDown_WhenWhatWaitsIsRefused_ThenALaterChangeIsAskedFor_AndTellsOfItsReturn) {
    store.error = Error(ErrorKind::unavailable, "store.down");
    apply("a");
    loop.advance(1s);
    apply("b");
    loop.run_ready();
    EXPECT_TRUE(applier.store_is_down());

    applier.refuse_waiting();
    loop.advance(1s);
    EXPECT_THAT(answers, ElementsAre("b worker.stopping", "a worker.stopping"));
    EXPECT_FALSE(applier.store_is_down()) << "nobody asks: nobody knows";
    const auto asked = store.applies;
    loop.advance(1h);
    EXPECT_EQ(store.applies, asked);

    store.error.reset();
    apply("c");
    loop.advance(1s);
    EXPECT_EQ(answers.back(), "c ok");
    EXPECT_THAT(watch.news, ElementsAre("down store.down", "up"));
}

TEST_F(Applier, GivenATransactionUnderWay_WhenWhatWaitsIsRefused_ThenItsAnswerStillCounts) {
    apply("a");
    loop.run_ready();
    apply("b");
    loop.run_ready();
    applier.refuse_waiting();
    loop.advance(1s);
    EXPECT_THAT(answers, ElementsAre("b worker.stopping", "a ok"));
}

TEST_F(Applier, GivenATransactionOfSeveralUnderWay_WhenStoppedAndOneFailsIt_ThenAllAreRefused_AndNothingWaitsAgain) {
    store.poison = "c";
    apply("a");
    loop.run_ready();
    apply("b");
    apply("c");
    loop.advance(20ms);  // the second has begun

    applier.stop();
    loop.advance(1h);

    EXPECT_THAT(answers, ElementsAre("a ok", "b worker.stopping", "c worker.stopping"));
    EXPECT_EQ(store.applies, 2);
}

TEST_F(Applier, GivenATransactionThatJustEnded_WhenFewChangesCome_ThenTheyWaitForThePaceAndShareTheNext) {
    apply("a");
    loop.advance(10ms);
    apply("b");
    loop.advance(4ms);
    apply("c");
    EXPECT_EQ(store.applies, 1);

    loop.advance(1ms);
    EXPECT_EQ(store.applies, 2);
    loop.advance(10ms);
    EXPECT_THAT(store.groups, ElementsAre(ElementsAre("a"), ElementsAre("b", "c")));
}

TEST_F(Applier, GivenATransactionThatJustEnded_WhenOneCanBeFilled_ThenItGoesAtOnce) {
    apply("a");
    loop.run_ready();
    for (const auto* name : {"b", "c", "d"}) apply(name);
    loop.advance(10ms);

    EXPECT_EQ(store.applies, 2);
}

TEST_F(Applier, GivenChangesThatWaitForThePace_WhenAnUrgentOneComes_ThenTheyGoWithItAtOnce) {
    apply("a");
    loop.advance(10ms);
    apply("b");
    loop.run_ready();
    apply("c", Lane{.urgent = true});
    loop.run_ready();

    EXPECT_EQ(store.applies, 2);
    loop.advance(10ms);
    EXPECT_THAT(store.groups, ElementsAre(ElementsAre("a"), ElementsAre("c", "b")));
}

TEST_F(Applier, GivenATransactionThatJustEnded_WhenALonelyChangeComes_ThenItDoesNotWaitForCompanyItCannotTake) {
    apply("a");
    loop.advance(10ms);
    apply("alone", Lane{.urgent = false, .alone = true});
    loop.run_ready();

    EXPECT_EQ(store.applies, 2);
}

TEST_F(Applier, GivenAChangeThatWaitsForThePace_WhenALonelyOneComesBehindIt_ThenNeitherWaits) {
    apply("a");
    loop.advance(10ms);
    apply("b");
    loop.run_ready();
    apply("alone", Lane{.urgent = false, .alone = true});
    loop.run_ready();
    EXPECT_EQ(store.applies, 2);

    loop.advance(10ms);
    EXPECT_EQ(store.applies, 3);
    loop.advance(10ms);
    EXPECT_THAT(store.groups, ElementsAre(ElementsAre("a"), ElementsAre("b"), ElementsAre("alone")));
}

TEST_F(Applier, GivenAStop_WhenChangesWaitForThePace_ThenTheyAreRefusedAtOnce) {
    apply("a");
    loop.advance(10ms);
    apply("b");
    loop.run_ready();
    applier.stop();
    loop.run_ready();

    EXPECT_THAT(answers, ElementsAre("a ok", "b worker.stopping"));
    EXPECT_EQ(store.applies, 1);
}

TEST_F(Applier, GivenUrgentAndLonelyChanges_WhenGrouped_ThenTheUrgentGoFirstAndTheLonelyAlone) {
    apply("a");
    loop.run_ready();
    apply("b");
    apply("alone", Lane{.urgent = false, .alone = true});
    apply("c");
    apply("urgent", Lane{.urgent = true, .alone = false});
    loop.advance(1s);

    EXPECT_THAT(store.groups,
                ElementsAre(ElementsAre("a"), ElementsAre("urgent", "b"), ElementsAre("alone"), ElementsAre("c")));
}

TEST_F(Applier, GivenAStoreThatIsDown_WhenItReturns_ThenTheSameGroupIsAppliedAndItsNewsToldOnce) {
    store.error = Error(ErrorKind::unavailable, "disk.full");
    apply("a");
    apply("b");
    loop.advance(1min);
    EXPECT_TRUE(applier.store_is_down());
    EXPECT_TRUE(answers.empty());
    EXPECT_LT(store.applies, 60);

    store.error.reset();
    loop.advance(6s);

    EXPECT_FALSE(applier.store_is_down());
    EXPECT_THAT(answers, ElementsAre("a ok", "b ok"));
    EXPECT_THAT(watch.news, ElementsAre("down disk.full", "up"));
}

TEST_F(Applier, GivenOneThatFailsItsGroup_WhenIsolated_ThenTheOthersSucceedInTheirOrder) {
    apply("a");
    loop.run_ready();
    store.poison = "c";
    for (const auto* name : {"b", "c", "d"}) apply(name);
    loop.advance(1s);

    EXPECT_THAT(answers, ElementsAre("a ok", "b ok", "c store.poisoned", "d ok"));
}

TEST_F(Applier, GivenAStop_WhenTheStoreIsDown_ThenAllWhoWaitAreRefused) {
    store.error = Error(ErrorKind::unavailable, "disk.full");
    apply("a");
    loop.advance(1s);
    apply("b");
    loop.run_ready();

    applier.stop();
    loop.run_ready();
    loop.advance(10ms);
    apply("c");
    loop.run_ready();

    EXPECT_THAT(answers, testing::UnorderedElementsAre("a worker.stopping", "b worker.stopping", "c worker.stopping"));
}

}  // namespace
}  // namespace orderflow::orders
