#include "tools/tidy/tree.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tools/tidy/snapshot_test.hpp"

namespace orderflow::tidy {
namespace {

TEST(Tree, GivenALibraryWithoutReadme_WhenChecked_ThenItIsAnError) {
    EXPECT_EQ(
        snapshot(check_folders({{"libs/net/session.hpp", ""}})),
        "libs/net/README.md:1: folder-readme: the folder does not say what it is: 10 to 20 lines: what it is, its "
        "entry points, what it must never know\n");
    EXPECT_EQ(snapshot(check_folders({{"libs/net/README.md", "# net\n"}, {"libs/net/session.hpp", ""}})), "");
}

TEST(Tree, GivenASourceThatNoListNames_WhenChecked_ThenItIsAnError) {
    const Tree tree = {{"libs/net/README.md", "# net\n"},
                       {"libs/net/CMakeLists.txt", "orderflow_library(net SOURCES a.cpp http/b.cpp)"},
                       {"libs/net/a.cpp", ""},
                       {"libs/net/http/b.cpp", ""},
                       {"libs/net/a_test.cpp", ""}};

    EXPECT_EQ(
        snapshot(check_folders(tree)),
        "libs/net/a_test.cpp:1: unbuilt-file: no CMakeLists.txt above it names it, so nothing builds or tests it: "
        "name it in orderflow_library or orderflow_test, or remove it\n");
}

TEST(Tree, GivenOneBadFile_WhenTheTreeIsChecked_ThenFindingsComeByPathAndLine) {
    const Tree tree = {{"libs/base/README.md", "# base\n"},
                       {"libs/base/CMakeLists.txt", "orderflow_library(base SOURCES a.cpp b.cpp)\n"},
                       {"libs/base/b.cpp", "int b;\t\n"},
                       {"libs/base/a.cpp", "#include <boost/asio/post.hpp>\nauto x = rand();\n"}};

    EXPECT_EQ(places(check_tree(tree)), "1 layer 2 banned-call 1 tabs");
}

TEST(Tree, GivenFoldersThatAreBuiltOrFetched_WhenRead_ThenTheyAreLeftOut) {
    namespace fs = std::filesystem;
    const auto root = fs::path(testing::TempDir()) / "tidy_tree_test";
    fs::remove_all(root);
    for (const auto* file :
         {"libs/a.cpp", "build/b.cpp", "frontend/node_modules/c.js", ".git/d.cpp", "libs/logo.png", ".ci/run"}) {
        fs::create_directories((root / file).parent_path());
        std::ofstream(root / file) << "text\n";
    }

    const auto tree = read_tree(root);

    EXPECT_EQ(tree, (Tree{{".ci/run", "text\n"}, {"libs/a.cpp", "text\n"}}));
    fs::remove_all(root);
}

TEST(Tree, GivenARootThatIsMissing_WhenRead_ThenItThrows) {
    EXPECT_THROW(read_tree("/nonexistent/tree"), std::filesystem::filesystem_error);
}

}  // namespace
}  // namespace orderflow::tidy
