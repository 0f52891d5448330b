#include "programs/move_mark.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "libs/testing/temp_dir.hpp"
#include "programs/installation.hpp"

namespace orderflow {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

MoveMark a_mark() {
    return {.complete = false,
            .store = "postgresql://shop@db/shop",
            .queue = "https://sqs.example.com/1/orders",
            .sent = {{"orders", 7}, {"orders-commands", 0}}};
}

TEST(MoveMark, GivenAMark_WhenWrittenAndRead_ThenItIsTheSame) {
    const TempDir dir;
    auto mark = a_mark();
    for (const bool complete : {false, true}) {
        mark.complete = complete;

        ASSERT_TRUE(write_move_mark(dir.path(), mark));

        EXPECT_EQ(read_move_mark(dir.path()).value(), mark);
    }
    ASSERT_TRUE(remove_move_mark(dir.path()));
    EXPECT_FALSE(read_move_mark(dir.path()).value());
}

TEST(MoveMark, GivenATextThatIsNone_ThenItIsNotTakenForOne) {
    for (const auto* text :
         {"", "format=1\n", "format=2\nstate=moved\n", "format=1\nstate=gone\n", "format=1\nstate=moved",
          "format=1\nstate=moved\nsent.orders=x\n", "format=1\nstate=moved\nother=1\n", "format=1\nstate\n"}) {
        EXPECT_FALSE(parse_move_mark(text)) << text;
    }
}

TEST(MoveMark, GivenAMarkThatIsDamaged_ThenNothingStartsAndItSaysWhatToDo) {
    const TempDir dir;
    std::ofstream(dir.path() / "moved") << "?";

    EXPECT_EQ(read_move_mark(dir.path()).error().code(), "move.mark_damaged");
    EXPECT_EQ(expect_not_moved(dir.path()).error().code(), "move.mark_damaged");
}

TEST(MoveMark, GivenADirectoryThatMoved_WhenAnyProgramWouldStart_ThenItIsRefusedWithTheWayBack) {
    const TempDir dir;
    for (const auto& installation : {queue_installation(dir.path()), worker_installation(dir.path(), {}),
                                     api_installation(dir.path()), whole_installation(dir.path(), {})}) {
        ASSERT_TRUE(installation.check_parts());
        for (const bool complete : {false, true}) {
            auto mark = a_mark();
            mark.complete = complete;
            ASSERT_TRUE(write_move_mark(dir.path(), mark));

            const auto refused = installation.check_parts();

            ASSERT_FALSE(refused);
            EXPECT_EQ(refused.error().code(), "installation.moved");
            EXPECT_THAT(refused.error().detail(),
                        AllOf(HasSubstr(mark.store), HasSubstr(mark.queue), HasSubstr("--take-back"),
                              HasSubstr(complete ? "a second time" : "has not ended")));
        }
        ASSERT_TRUE(remove_move_mark(dir.path()));
    }
}

}  // namespace
}  // namespace orderflow
