// SystemFileReader: files of the operating system.
#pragma once

#include "libs/aws/credential_source.hpp"

namespace orderflow::aws {

// Any thread. Blocks as long as the file system does. Files that are no regular files are unreadable.
class SystemFileReader final : public FileReader {
  public:
    Result<std::string> read(const std::string& path, std::size_t bytes_max) override;
};

}  // namespace orderflow::aws
