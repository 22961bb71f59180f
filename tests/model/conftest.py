"""What the tests of the model share."""

import pytest
import torch

from model.engine import Engine
from model.lexicon import Lexicon
from model.tokenizer import Tokenizer
from tests.model.tiny import tiny_engine, tiny_tokenizer


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Two threads that wait for one another inside every small operation crawl on a machine that runs other tests."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    """A small byte-level tokenizer."""
    return tiny_tokenizer()


@pytest.fixture(scope="session")
def lexicon(tokenizer: Tokenizer) -> Lexicon:
    """Its index for constrained writing."""
    return Lexicon(tokenizer)


@pytest.fixture
def engine(tokenizer: Tokenizer) -> Engine:
    """A tiny random model with an empty prefix cache."""
    return tiny_engine(tokenizer)
