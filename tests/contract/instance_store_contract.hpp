// The contract of the InstanceStore and InstanceReader ports, and of the settings of workers that OperatorStore keeps.
//
// An Adapter gives `SimLoop& loop()`, `instances::InstanceStore& instances()`, `instances::InstanceReader&
// instance_reader()`, `orders::OperatorStore& operators()`, `orders::OperatorReader& operator_reader()` and
// `void restart()` (made anew over the same durable state; a store without one does nothing).
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "libs/instances/instance_samples_test.hpp"
#include "libs/instances/instance_store.hpp"
#include "libs/orders/ports/operator_reader.hpp"
#include "libs/orders/ports/operator_store.hpp"
#include "libs/testing/sim_loop.hpp"

namespace orderflow::instances {

template <class Adapter>
class InstanceStoreContract : public ::testing::Test {
  protected:
    template <class T>
    T value_of(Result<T> result) {
        if (!result) ADD_FAILURE() << result.error().code() << ": " << result.error().detail();
        return std::move(result).value();
    }
    void keep(InstanceRow row) { value_of(setup.loop().run(setup.instances().keep(std::move(row)))); }
    void tidy(WallTime now) { value_of(setup.loop().run(setup.instances().tidy(now))); }
    std::vector<InstanceRow> newest(WallTime since = samples::at(-24h)) {
        return value_of(setup.loop().run(setup.instance_reader().newest_rows(since)));
    }
    std::vector<InstanceRow> rows(WallTime after = samples::at(-24h), WallTime until = samples::at(48h)) {
        return value_of(setup.loop().run(setup.instance_reader().rows(after, until)));
    }
    std::int64_t accepted() {
        std::int64_t sum = 0;
        for (const auto& row : rows()) sum += row.figures.accepted;
        return sum;
    }

    orders::WorkerSettings settings() { return value_of(setup.loop().run(setup.operator_reader().worker_settings())); }
    // What came of telling the workers something at that second of 1970: in the past for every adapter's clock.
    orders::CommandState tell(const std::string& id, orders::DirectWorkers direct, std::chrono::seconds second) {
        const orders::OperatorCommand command(id, direct, WallTime(second));
        const auto step = value_of(setup.loop().run(setup.operators().operate(command)));
        EXPECT_EQ(step.kind, orders::OperatorStep::Kind::finished);
        return value_of(setup.loop().run(setup.operator_reader().command(id)))->state;
    }

    Adapter setup;
};

TYPED_TEST_SUITE_P(InstanceStoreContract);

TYPED_TEST_P(InstanceStoreContract, GivenNothingKept_ThenEveryAnswerIsEmptyAndTidyingDoesNothing) {
    this->tidy(samples::at(0s));

    EXPECT_TRUE(this->newest().empty());
    EXPECT_TRUE(this->rows().empty());
}

TYPED_TEST_P(InstanceStoreContract, GivenARow_WhenReadAfterARestart_ThenItIsTheSame) {
    const auto row = samples::full("a", samples::at(10s));
    this->keep(row);
    this->setup.restart();

    EXPECT_THAT(this->rows(), testing::ElementsAre(row));
    EXPECT_THAT(this->newest(), testing::ElementsAre(row));
}

TYPED_TEST_P(InstanceStoreContract, GivenARowThatComesTwice_ThenItCountsOnce) {
    this->keep(samples::api("a", samples::at(10s), 7));
    this->keep(samples::api("a", samples::at(10s), 7));

    EXPECT_EQ(this->accepted(), 7);
}

TYPED_TEST_P(InstanceStoreContract, GivenRowsOutOfOrder_ThenTheNewestOfEachInstanceIsTold) {
    this->keep(samples::api("a", samples::at(20s), 2));
    this->keep(samples::api("a", samples::at(10s), 1));
    this->keep(samples::worker("w", samples::at(15s)));

    const auto newest = this->newest();

    ASSERT_EQ(newest.size(), 2U);
    EXPECT_EQ(newest[0].figures.accepted, 2);
    EXPECT_EQ(newest[1].id, "w");
    EXPECT_THAT(this->newest(samples::at(15s)), testing::SizeIs(1));
    EXPECT_TRUE(this->newest(samples::at(20s)).empty());
}

TYPED_TEST_P(InstanceStoreContract, GivenATime_ThenRowsThatEndInItComeInTheirOrder) {
    for (const auto second : {30, 10, 20})
        this->keep(samples::api("a", samples::at(std::chrono::seconds(second)), second));
    this->keep(samples::api("b", samples::at(20s), 5));

    std::vector<std::int64_t> found;
    for (const auto& row : this->rows(samples::at(10s), samples::at(30s))) found.push_back(row.figures.accepted);

    EXPECT_THAT(found, testing::ElementsAre(20, 5, 30));
}

TYPED_TEST_P(InstanceStoreContract, GivenRowsOfMoreThanAnHour_WhenTidied_ThenTheyAreMinutesWithTheSameSums) {
    for (int i = 1; i <= 24; ++i) this->keep(samples::api("a", samples::at(i * 10s), 1));
    this->keep(samples::api("b", samples::at(15s), 100));

    this->tidy(samples::at(1h + 3min + 5s));

    const auto rows = this->rows();
    EXPECT_EQ(this->accepted(), 124);
    EXPECT_EQ(rows.size(), 1U + 3U + 7U) << "b; minutes 0 to 2 of a; of minute 3 and 4 the hour is not over";
    this->tidy(samples::at(1h + 3min + 5s));
    EXPECT_EQ(this->rows(), rows) << "once is enough";
}

TYPED_TEST_P(InstanceStoreContract, GivenRowsOfADayAgo_WhenTidiedAgainAndAgain_ThenTheyGoAndTheLaterStay) {
    this->keep(samples::api("a", samples::at(10s), 1));
    this->keep(samples::api("b", samples::at(2h), 2));
    this->keep(samples::api("c", samples::at(24h), 4));

    for (int i = 0; i < 30; ++i) this->tidy(samples::at(24h + 10s));

    EXPECT_EQ(this->accepted(), 6);
    EXPECT_THAT(this->newest(), testing::SizeIs(2));
}

TYPED_TEST_P(InstanceStoreContract, GivenWorkersThatWereTold_ThenItHoldsOverARestart) {
    using Action = orders::DirectWorkers::Action;
    EXPECT_EQ(this->settings(), orders::WorkerSettings());

    EXPECT_EQ(this->tell("c1", {.action = Action::pause}, 10s), orders::CommandState::done);
    EXPECT_EQ(this->tell("c2", {.action = Action::limit, .in_progress_max = 8}, 11s), orders::CommandState::done);
    this->setup.restart();

    EXPECT_TRUE(this->settings().paused);
    EXPECT_EQ(this->settings().paused_by.command_id, "c1");
    EXPECT_EQ(this->settings().in_progress_max, 8);
}

TYPED_TEST_P(InstanceStoreContract, GivenACommandThatComesAgainOrLate_ThenTheLaterOneStands) {
    using Action = orders::DirectWorkers::Action;
    this->tell("c1", {.action = Action::pause}, 10s);
    this->tell("c2", {.action = Action::resume}, 20s);

    EXPECT_EQ(this->tell("c1", {.action = Action::pause}, 10s), orders::CommandState::done) << "it was, once";
    EXPECT_FALSE(this->settings().paused);
    EXPECT_EQ(this->tell("c0", {.action = Action::pause}, 15s), orders::CommandState::refused);
    EXPECT_FALSE(this->settings().paused);
    const auto record = this->value_of(this->setup.loop().run(this->setup.operator_reader().command("c0")));
    EXPECT_EQ(record->code, "workers.overtaken");
    EXPECT_EQ(record->action, "workers.pause");
}

REGISTER_TYPED_TEST_SUITE_P(InstanceStoreContract, GivenNothingKept_ThenEveryAnswerIsEmptyAndTidyingDoesNothing,
                            GivenARow_WhenReadAfterARestart_ThenItIsTheSame, GivenARowThatComesTwice_ThenItCountsOnce,
                            GivenRowsOutOfOrder_ThenTheNewestOfEachInstanceIsTold,
                            GivenATime_ThenRowsThatEndInItComeInTheirOrder,
                            GivenRowsOfMoreThanAnHour_WhenTidied_ThenTheyAreMinutesWithTheSameSums,
                            GivenRowsOfADayAgo_WhenTidiedAgainAndAgain_ThenTheyGoAndTheLaterStay,
                            GivenWorkersThatWereTold_ThenItHoldsOverARestart,
                            GivenACommandThatComesAgainOrLate_ThenTheLaterOneStands);

}  // namespace orderflow::instances
