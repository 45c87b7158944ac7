/**
 * The classes that an exported module needs beside PyTorch's own.
 *
 * @module
 */

const lines = (text: string): string => text.replace(/^\n/, "").trimEnd();

/** Their sources by name. */
const SOURCES = {
  Maxout: lines(`
class Maxout(nn.Module):
    """The maximum over \`pieces\` groups of channels; group k is the k-th block of channels."""

    def __init__(self, pieces):
        super().__init__()
        self.pieces = pieces

    def forward(self, x):
        return x.reshape(x.shape[0], self.pieces, -1, *x.shape[2:]).amax(1)
`),
  Residual: lines(`
class Residual(nn.Module):
    """x + branch(x); where the branch has fewer pixels and more channels, every \`stride\`-th pixel of x
    and channels of zeros."""

    def __init__(self, stride=1, *, branch):
        super().__init__()
        self.stride = stride
        self.branch = branch

    def forward(self, x):
        y = self.branch(x)
        if self.stride > 1:
            x = x[:, :, :: self.stride, :: self.stride]
        if y.shape[1] > x.shape[1]:
            x = nn.functional.pad(x, (0, 0, 0, 0, 0, y.shape[1] - x.shape[1]))
        return x + y
`),
  Concat: lines(`
class Concat(nn.Module):
    """The channels of all branches of one x."""

    def __init__(self, **branches):
        super().__init__()
        for name, branch in branches.items():
            self.add_module(name, branch)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.children()], 1)
`),
  Highway: lines(`
class Highway(nn.Module):
    """t * h(x) + (1 - t) * x with t = sigmoid(gate(x))."""

    def __init__(self, *, h, gate):
        super().__init__()
        self.h = h
        self.gate = gate

    def forward(self, x):
        t = torch.sigmoid(self.gate(x))
        return t * self.h(x) + (1 - t) * x
`),
  Companion: lines(`
class Companion(nn.Module):
    """The identity; in training the head's output had a loss of its own, of this weight."""

    def __init__(self, weight, *, head):
        super().__init__()
        self.weight = weight
        self.head = head

    def forward(self, x):
        return x
`),
} as const;

/** The name of a class. */
export type PythonClass = keyof typeof SOURCES;

/** The sources of some classes, each once, in a fixed order. */
export const pythonClasses = (names: ReadonlySet<PythonClass>): readonly string[] =>
  (Object.keys(SOURCES) as PythonClass[]).filter((name) => names.has(name))
    .map((name) => SOURCES[name]);
