#include "programs/service_command.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace orderflow {
namespace {

std::expected<ServiceCommand, std::string> read(std::vector<const char*> words) { return read_service_command(words); }

TEST(ServiceCommand, GivenAWordThatIsNone_WhenRead_ThenItIsNamed) {
    EXPECT_EQ(read({"--chek"}).error(), "there is no argument '--chek'");
    EXPECT_EQ(read({""}).error(), "there is no argument ''");
    EXPECT_EQ(read({"\x1b[2J"}).error(), "there is no argument '\\x1b[2J'");
}

TEST(ServiceCommand, GivenOneWordTooMany_WhenRead_ThenItIsNamed) {
    EXPECT_EQ(read({"--check", "now"}).error(), "nothing may follow --check: 'now'");
    EXPECT_EQ(read({"--help", "--check"}).error(), "nothing may follow --help: '--check'");
}

TEST(ServiceCommand, GivenWhatThereIs_WhenRead_ThenItIsTaken) {
    EXPECT_EQ(read({}), ServiceCommand::run);
    EXPECT_EQ(read({"--check"}), ServiceCommand::check);
    EXPECT_EQ(read({"--health"}), ServiceCommand::health);
    EXPECT_EQ(read({"--help"}), ServiceCommand::help);
    EXPECT_EQ(read({"-h"}), ServiceCommand::help);
}

TEST(ServiceCommand, GivenLambda_WhenRead_ThenItIsTakenWhereThereIsOne) {
    const std::vector<const char*> words{"--lambda"};
    EXPECT_EQ(read_service_command(words, true), ServiceCommand::lambda);
    EXPECT_EQ(read_service_command(words).error(), "there is no argument '--lambda'");
}

}  // namespace
}  // namespace orderflow
