#include "tools/tidy/layers.hpp"

#include <gtest/gtest.h>

#include "tools/tidy/snapshot_test.hpp"

namespace orderflow::tidy {
namespace {

std::string check(std::string path, std::string text) {
    return snapshot(check_layers(Source(std::move(path), std::move(text))));
}

TEST(Layers, GivenAnArrowUpwards_WhenChecked_ThenTheRowIsNamed) {
    EXPECT_EQ(check("libs/orders/domain/order.hpp", "#include <vector>\n#include \"libs/storage/sqlite/store.hpp\"\n"),
              "libs/orders/domain/order.hpp:2: layer: libs/storage/sqlite/store.hpp is out of reach: arrows only point "
              "down: libs/orders/domain may include, of the project: itself, libs/base; of third party: nothing\n");
}

TEST(Layers, GivenArrowsDownwards_WhenChecked_ThenNothingIsFound) {
    EXPECT_EQ(
        check("libs/orders/domain/order.hpp",
              "#include <vector>\n#include \"libs/base/result.hpp\"\n#include \"libs/orders/domain/money.hpp\"\n"),
        "");
    EXPECT_EQ(check("libs/sqlite/database.cpp", "#include <sqlite3.h>\n#include <sys/file.h>\n"), "");
}

TEST(Layers, GivenAFolderWhoseNameBeginsLikeAnAllowedOne_WhenChecked_ThenItIsAnother) {
    EXPECT_NE(check("libs/orders/domain/order.hpp", "#include \"libs/base64/base64.hpp\"\n"), "");
}

TEST(Layers, GivenAThirdPartyLibrary_WhenChecked_ThenOnlyItsRowMayIncludeIt) {
    EXPECT_EQ(
        check("api-service/routes.cpp", "#include <boost/beast/http/parser.hpp>\n"),
        "api-service/routes.cpp:1: layer: <boost/beast/http/parser.hpp> (beast) is out of reach: api-service may "
        "include, of the project: itself, libs/orders libs/instances libs/contract libs/json libs/net libs/observe "
        "libs/async libs/base; of third party: fmt\n");
    EXPECT_EQ(check("libs/net/session.cpp", "#include <boost/beast/http/parser.hpp>\n"), "");
}

TEST(Layers, GivenAnUnknownLibrary_WhenChecked_ThenItIsAnError) {
    EXPECT_EQ(
        check("libs/net/session.cpp", "#include <curl/curl.h>\n"),
        "libs/net/session.cpp:1: layer: <curl/curl.h> belongs to no known library: use a library of the table, or "
        "add this one to tools/tidy/layers.cpp with an ADR\n");
}

TEST(Layers, GivenAFacade_WhenItsHeaderShowsTheLibrary_ThenItIsAnError) {
    EXPECT_NE(check("libs/observe/log.hpp", "#include <spdlog/spdlog.h>\n"), "");
    EXPECT_EQ(check("libs/observe/log.cpp", "#include <spdlog/spdlog.h>\n"), "");
}

TEST(Layers, GivenACompositionRoot_WhenItIncludesAdapters_ThenNothingIsFound) {
    const std::string text = "#include \"libs/storage/sqlite/store.hpp\"\n#include <CLI/CLI.hpp>\n";

    EXPECT_EQ(check("worker-service/main.cpp", text), "");
    EXPECT_NE(check("worker-service/consumer.cpp", text), "");
}

TEST(Layers, GivenATest_WhenItIncludesFakesAndGoogleTest_ThenNothingIsFound) {
    const std::string text = "#include <gtest/gtest.h>\n#include \"libs/testing/sim_loop.hpp\"\n";

    EXPECT_EQ(check("libs/orders/domain/order_test.cpp", text), "");
    EXPECT_NE(check("libs/orders/domain/order.cpp", text), "");
}

TEST(Layers, GivenAProgram_WhenItIncludesWhatIsMadeForTests_ThenItIsAnError) {
    EXPECT_EQ(
        check("queue-service/journal/journal.cpp", "#include \"queue-service/journal/journal_rig.hpp\"\n"),
        "queue-service/journal/journal.cpp:1: layer: queue-service/journal/journal_rig.hpp is made for tests: what "
        "programs and tests share belongs into a file of its own\n");
    EXPECT_EQ(check("queue-service/journal/journal_test.cpp", "#include \"queue-service/journal/journal_rig.hpp\"\n"),
              "");
}

TEST(Layers, GivenAFolderOutsideTheTable_WhenChecked_ThenItIsAnError) {
    EXPECT_EQ(check("libs/util/strings.hpp", ""),
              "libs/util/strings.hpp:1: unknown-folder: the folder has no row in the layer table: put the file into a "
              "folder of the table, or add the folder to tools/tidy/layers.cpp and ARCHITECTURE.md with its reason\n");
}

TEST(Layers, GivenAPathThatIsNotFromTheRoot_WhenChecked_ThenItIsAnError) {
    EXPECT_EQ(check("libs/base/error.cpp", "#include \"error.hpp\"\n"),
              "libs/base/error.cpp:1: include-path: \"error.hpp\" is not a path from the root of the repository: "
              "#include \"libs/base/result.hpp\" for the project's own headers, <...> for all others\n");
}

TEST(Layers, GivenAnUmbrellaHeader_WhenChecked_ThenItIsAnError) {
    EXPECT_EQ(check("libs/net/session.cpp", "#include <boost/asio.hpp>\n"),
              "libs/net/session.cpp:1: umbrella-header: <boost/asio.hpp> costs every file seconds of compile time: "
              "include the headers of what is used, such as <boost/asio/post.hpp>\n");
}

TEST(Layers, GivenTheTable_WhenRead_ThenEveryAllowedFolderHasARow) {
    for (const auto& row : layer_table()) {
        auto words = row.project;
        while (!words.empty() && words != "*" && words != "libs") {
            const auto end = std::min(words.find(' '), words.size());
            EXPECT_NE(check(std::string(words.substr(0, end)) + "/x.cpp", "").find("unknown-folder"), 0U);
            EXPECT_EQ(check(std::string(words.substr(0, end)) + "/domain/x.cpp", ""), "") << words.substr(0, end);
            words.remove_prefix(std::min(end + 1, words.size()));
        }
    }
}

}  // namespace
}  // namespace orderflow::tidy
