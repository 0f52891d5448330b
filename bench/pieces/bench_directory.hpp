// Where a benchmark keeps its files: on the disk that is measured, removed at the end.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace orderflow::bench {

class BenchDirectory {
  public:
    // Below BENCH_DIR, or below the working directory.
    BenchDirectory() {
        const char* parent = std::getenv("BENCH_DIR");  // NOLINT(concurrency-mt-unsafe): nothing sets it
        path_ = std::filesystem::path(parent == nullptr ? "." : parent) / ("pieces-" + std::to_string(::getpid()));
        std::filesystem::create_directories(path_);
    }
    ~BenchDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    BenchDirectory(const BenchDirectory&) = delete;
    BenchDirectory& operator=(const BenchDirectory&) = delete;

    std::string file(const std::string& name) const { return (path_ / name).string(); }

  private:
    std::filesystem::path path_;
};

}  // namespace orderflow::bench
