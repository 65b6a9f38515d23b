"""`python -m orchestration` is `quorum`."""

from orchestration.cli import main

if __name__ == "__main__":
    main()
