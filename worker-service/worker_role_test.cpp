#include "worker-service/worker_role.hpp"

#include <gtest/gtest.h>

#include "worker-service/worker_rig_test.hpp"

namespace orderflow::worker {
namespace {

using orders::OrderStatus;

WorkerConfig config_of(WorkerRole role) { return {.duties = duties_of(role)}; }

TEST(WorkerRole, GivenAWordThatIsNone_WhenRead_ThenThereIsNoRole) {
    for (const std::string_view wrong : {"", "ALL", "order", "background "}) EXPECT_FALSE(worker_role_of(wrong));
    for (const auto role : {WorkerRole::all, WorkerRole::orders, WorkerRole::background}) {
        EXPECT_EQ(worker_role_of(to_string(role)), role);
    }
}

TEST(WorkerRole, GivenTheTwoRoles_WhenPutTogether_ThenTheyAreAll_AndOnlyCommandsAreDoneByBoth) {
    const auto all = duties_of(WorkerRole::all);
    const auto orders = duties_of(WorkerRole::orders);
    const auto background = duties_of(WorkerRole::background);
    for (const auto duty : {&WorkerDuties::orders, &WorkerDuties::dead_letters, &WorkerDuties::upkeep}) {
        EXPECT_TRUE(all.*duty);
        EXPECT_NE(orders.*duty, background.*duty);
    }
}

TEST(WorkerRole, GivenABackgroundWorkerAlone_WhenOrdersCome_ThenTheyStay_AndCommandsAndDeadLettersAreTaken) {
    WorkerRig rig;
    rig.place(1);
    rig.cancel(2);
    rig.send(rig.letters, {"{]"});
    rig.start_worker(config_of(WorkerRole::background));
    rig.loop.advance(1h);

    EXPECT_EQ(rig.visible(rig.orders), 1U);
    EXPECT_EQ(rig.status(1), OrderStatus::accepted);
    EXPECT_EQ(rig.waiting(rig.commands), 0U);
    EXPECT_EQ(rig.waiting(rig.letters), 0U);
    EXPECT_EQ(rig.dead_letters().size(), 1U);
}

TEST(WorkerRole, GivenAnOrdersWorkerAlone_WhenADeadLetterComes_ThenItStays_AndOrdersAndCommandsAreTaken) {
    WorkerRig rig;
    rig.place(1);
    rig.cancel(2);
    rig.send(rig.letters, {"{]"});
    auto& worker = rig.start_worker(config_of(WorkerRole::orders));
    rig.loop.advance(1h);

    EXPECT_EQ(rig.status(1), OrderStatus::confirmed);
    EXPECT_EQ(rig.waiting(rig.commands), 0U);
    EXPECT_EQ(rig.visible(rig.letters), 1U);
    EXPECT_TRUE(rig.dead_letters().empty());
    EXPECT_TRUE(worker.service.state().stalled.empty());
}

TEST(WorkerRole, GivenBothRoles_WhenTheyWorkSideBySide_ThenEverythingIsDoneOnce) {
    WorkerRig rig;
    for (std::uint32_t i = 0; i < 20; ++i) rig.place(i);
    rig.cancel(3);
    rig.send(rig.letters, {"{]"});
    rig.start_worker(config_of(WorkerRole::orders));
    rig.start_worker(config_of(WorkerRole::background));
    rig.loop.advance(1h);

    EXPECT_EQ(rig.waiting(rig.orders) + rig.waiting(rig.commands) + rig.waiting(rig.letters), 0U);
    EXPECT_EQ(rig.dead_letters().size(), 1U);
    rig.check_books();
}

}  // namespace
}  // namespace orderflow::worker
