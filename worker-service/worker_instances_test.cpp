// What programs say of themselves comes over the queue of commands: kept while it is news, never a dead letter.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/contract/instance_message.hpp"
#include "libs/instances/instance_samples_test.hpp"
#include "worker-service/worker_rig_test.hpp"

namespace orderflow::worker {
namespace {

using testing::IsEmpty;

class InstancesTest : public testing::Test {
  protected:
    instances::InstanceRow row(std::chrono::milliseconds ago = 0ms) {
        return instances::samples::api("a", rig.loop.clock().wall() - ago, 7);
    }
    void send(const std::vector<std::string>& bodies, InMemoryMessageQueue& queue) {
        rig.send(queue, bodies);
        rig.loop.advance(1s);
    }
    std::vector<instances::InstanceRow> kept() { return rig.loop.run(rig.instances.newest_rows(WallTime())).value(); }

    WorkerRig rig;
};

TEST_F(InstancesTest, GivenARow_ThenItIsKeptAndItsMessageGone) {
    rig.start_worker();
    const auto sent = row();
    send({contract::encode_instance_message(sent), contract::encode_instance_message(sent)}, rig.commands);

    EXPECT_THAT(kept(), testing::ElementsAre(sent));
    EXPECT_EQ(rig.waiting(rig.commands), 0U);
}

TEST_F(InstancesTest, GivenRowsThatAreLateOrUnreadable_ThenTheyLeaveNothingBehind) {
    rig.start_worker();
    auto unreadable = contract::encode_instance_message(row());
    unreadable.replace(unreadable.find("\"counts\""), 8, "\"numbers\"");
    send({contract::encode_instance_message(row(6min)), unreadable}, rig.commands);

    EXPECT_THAT(kept(), IsEmpty());
    EXPECT_EQ(rig.waiting(rig.commands), 0U);
    EXPECT_THAT(rig.dead_letters(), IsEmpty());
    EXPECT_THAT(rig.loop.run(rig.memory.commands({}))->commands, IsEmpty());
}

TEST_F(InstancesTest, GivenARowThatWasReceivedInVain_WhenItIsADeadLetter_ThenItIsRemoved) {
    rig.start_worker();
    send({contract::encode_instance_message(row())}, rig.letters);

    EXPECT_EQ(rig.waiting(rig.letters), 0U);
    EXPECT_THAT(rig.dead_letters(), IsEmpty());
}

}  // namespace
}  // namespace orderflow::worker
